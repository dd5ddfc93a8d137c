// How long a peer may keep us waiting: for a connection, for taking more of the body, and at last for the whole answer.
import type { ClientRequest } from 'node:http';
import { PharosError } from '../model/index.ts';

export interface Deadline {
  /** The peer's turn. */
  start(): void;
  /** Our own turn. */
  pause(): void;
  /** From now on only the end of the answer counts. */
  answering(): void;
  end(): void;
}

/** What timers of Node can hold. */
const longest = 2 ** 31 - 1;

function missing({ socket, writableFinished }: ClientRequest): string {
  if (!socket || socket.connecting) return 'no connection';
  return writableFinished ? 'no whole answer of the peer' : 'the peer has taken no more of the request';
}

/** @param seconds 0 is no limit. When they are over, the call is destroyed with what has been missing: PharosError NetworkProtocol */
export function createDeadline(call: ClientRequest, where: string, seconds: number): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let isAnswering = false;
  const stop = (): void => clearTimeout(timer);
  const expire = (): void => {
    const details = `${where}: ${missing(call)} within ${seconds} seconds (Timeout of the peer, else option HttpTimeout)`;
    call.destroy(new PharosError('NetworkProtocol', details));
  };
  const restart = (): void => {
    stop();
    if (seconds > 0) timer = setTimeout(expire, Math.min(seconds * 1000, longest));
  };
  return {
    start: () => void (isAnswering || restart()),
    pause: () => void (isAnswering || stop()),
    answering() {
      restart();
      isAnswering = true;
    },
    end() {
      isAnswering = true;
      stop();
    },
  };
}
