// C-ECHO as SCP (PS3.7 9.1.5, PS3.4 A).
import { CommandField, responseTo, Status } from '../messages/index.ts';
import type { Service } from './service.ts';

export function createEchoService(): Service {
  return {
    command: CommandField.cEcho,
    begin: ({ command, respond }) => ({
      push: () => undefined,
      finish: () => respond(responseTo(command, Status.success)),
      abort: async () => {},
    }),
  };
}
