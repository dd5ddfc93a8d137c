// When answers are sent. Sending to a client that sleeps wakes it, which takes longer than many an answer; one that still reads the
// answer before need not be woken. So with many connections a few answers are held back, and sent one right after the other.
import type { Socket } from 'node:net';

/** From so many on they are many. With fewer, a client would wait for what is held back while the server waits for the client. */
const manyConnections = 4;
/** While the client reads these, the next ones are made. */
const mostHeld = 4;

export interface AnswerGate {
  /** Whether clients are likely to be served one right after the other. */
  readonly hasMany: boolean;
  opened(connection: Socket): void;
  /** Sends now, or within this turn of the event loop. `send` must not throw. */
  pass(send: () => void): void;
}

export function createAnswerGate(): AnswerGate {
  let connections = 0;
  let held: (() => void)[] = [];

  const release = (): void => {
    const all = held;
    held = [];
    for (const send of all) send();
  };
  const closed = (): void => {
    connections -= 1;
  };

  const hasMany = (): boolean => connections >= manyConnections;

  return {
    get hasMany() {
      return hasMany();
    },
    opened(connection) {
      connections += 1;
      connection.once('close', closed);
    },
    pass(send) {
      if (!hasMany()) return send();
      const count = held.push(send);
      if (count === 1) setImmediate(release);
      if (count === mostHeld) release();
    },
  };
}
