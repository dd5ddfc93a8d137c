// N-ACTION and N-EVENT-REPORT as performer (PS3.7 10.1.1, 10.1.4): the information is gathered, then judged as a whole.
import { responseTo, Status } from '../messages/index.ts';
import { createByteCollector } from '../pdu/index.ts';
import type { Request, Service } from './service.ts';

export interface NormalisedServiceOptions {
  /** Command field of N-ACTION or N-EVENT-REPORT. */
  readonly command: number;
  serves(sopClassUid: string): boolean;
  /** More information than this is refused. */
  readonly maximumBytes: number;
  /** Gives the status. @param information in the transfer syntax of the request's context; empty where none came */
  handle(request: Request, information: Uint8Array): Promise<number>;
}

export function createNormalisedService(options: NormalisedServiceOptions): Service {
  return {
    command: options.command,
    serves: options.serves,
    begin(request) {
      const { command } = request;
      const information = createByteCollector();
      let isTooLong = false;
      const statusOf = (): Promise<number> | number =>
        isTooLong ? Status.resourceLimitation : options.handle(request, information.take());
      return {
        push(chunk) {
          isTooLong ||= information.length + chunk.length > options.maximumBytes;
          if (!isTooLong) information.append(chunk);
          return undefined;
        },
        async finish() {
          const { ActionTypeID, EventTypeID } = command;
          await request.respond(responseTo(command, await statusOf(), { ActionTypeID, EventTypeID }));
        },
        abort: async () => {},
      };
    },
  };
}
