// When answers are sent. Sending to a client that sleeps wakes it, which takes longer than many an answer; one that still reads the
// answer before need not be woken. So with many connections a few answers are held back, and sent one right after the other.
import type { EventEmitter } from 'node:events';

/** From so many on they are many. With fewer, a client would wait for what is held back while the server waits for the client. */
const manyConnections = 4;
/** While the client reads these, the next ones are made. */
const mostHeld = 4;
/** Milliseconds after which what is held goes out at the next occasion, where the requests beside it take long. */
const longestHeld = 0.2;

export interface AnswerGate {
  /** Whether the head of a large answer is sent on its own, before the body: its client wakes up while the body is copied. */
  readonly sendsHeadFirst: boolean;
  opened(connection: Pick<EventEmitter, 'once'>): void;
  /** Before a request is handled: what is held does not wait for work that may take long. */
  began(isRead: boolean): void;
  /** Sends now, or when the callbacks of this turn of the event loop are done. `send` must not throw. */
  pass(send: () => void): void;
}

/** @param noDelay without it (TcpNoDelay) a head that is sent on its own keeps the body waiting for the client's acknowledgement */
export function createAnswerGate(noDelay: boolean, now: () => number = () => performance.now()): AnswerGate {
  let connections = 0;
  let held: (() => void)[] = [];
  let heldSince = 0;

  const release = (): void => {
    const all = held;
    held = [];
    for (const send of all) send();
  };
  const closed = (): void => {
    connections -= 1;
  };
  const hasMany = (): boolean => connections >= manyConnections;
  const isLate = (): boolean => now() - heldSince > longestHeld;

  return {
    get sendsHeadFirst() {
      return noDelay && hasMany();
    },
    opened(connection) {
      connections += 1;
      connection.once('close', closed);
    },
    began(isRead) {
      if (held.length > 0 && (!isRead || isLate())) release();
    },
    pass(send) {
      if (!hasMany()) return send();
      const count = held.push(send);
      if (count === 1) {
        heldSince = now();
        setImmediate(release);
      }
      if (count === mostHeld || isLate()) release();
    },
  };
}
