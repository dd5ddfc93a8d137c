// Two ends of a connection in memory: what one writes the other reads, later and in order. For tests.
import type { Connection, ConnectionEvents, Transport } from '../upper-layer/index.ts';

export interface MemoryPairOptions {
  /** What is written is delivered in pieces of at most so many bytes. */
  readonly pieceLength?: number;
}

/** A connected pair. */
export function createMemoryPair(options: MemoryPairOptions = {}): readonly [Connection, Connection] {
  const left = createEnd(options.pieceLength ?? Number.POSITIVE_INFINITY);
  const right = createEnd(options.pieceLength ?? Number.POSITIVE_INFINITY);
  left.join(right);
  right.join(left);
  return [left.connection, right.connection];
}

/** A network of one address: whoever connects reaches whoever listens. */
export function createMemoryTransport(options: MemoryPairOptions = {}): Transport {
  let listener: ((connection: Connection) => void) | undefined;
  return {
    async connect() {
      if (!listener) throw new Error('connection refused');
      const [near, far] = createMemoryPair(options);
      listener(far);
      return near;
    },
    async listen({ port }, arrive) {
      listener = arrive;
      return {
        port,
        async close() {
          listener = undefined;
        },
      };
    },
  };
}

interface End {
  readonly connection: Connection;
  join(other: End): void;
  /** A promise, where this end reads slower than the other writes. */
  receive(chunk: Uint8Array): Promise<void> | undefined;
  /** The other end closed: after what it wrote before. */
  finish(): void;
}

function createEnd(pieceLength: number): End {
  let other: End | undefined;
  let events: ConnectionEvents | undefined;
  let inbox: Uint8Array[] = [];
  let isPaused = false;
  let isFinished = false;
  let isClosed = false;
  let isScheduled = false;
  let drained: (() => void)[] = [];

  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(deliver);
  };
  const deliver = (): void => {
    isScheduled = false;
    while (!isPaused && !isClosed && events && inbox.length > 0) events.data(inbox.shift() ?? new Uint8Array(0));
    if (inbox.length === 0) release();
    if (isFinished && inbox.length === 0 && !isPaused) shut();
  };
  const release = (): void => {
    for (const resolve of drained) resolve();
    drained = [];
  };
  const shut = (): void => {
    if (isClosed) return;
    isClosed = true;
    inbox = [];
    release();
    other?.finish();
    setImmediate(() => events?.closed());
  };

  const connection: Connection = {
    remoteAddress: '127.0.0.1',
    start(given) {
      events = given;
      schedule();
    },
    write(chunks) {
      if (isClosed) return undefined;
      let wait: Promise<void> | undefined;
      for (const chunk of chunks) wait = other?.receive(chunk);
      return wait;
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      schedule();
    },
    close: shut,
    destroy: shut,
  };

  return {
    connection,
    join(end) {
      other = end;
    },
    receive(chunk) {
      if (isClosed) return undefined;
      for (let at = 0; at < chunk.length; at += pieceLength) inbox.push(chunk.slice(at, at + pieceLength));
      schedule();
      return isPaused ? new Promise((resolve) => drained.push(resolve)) : undefined;
    },
    finish() {
      isFinished = true;
      schedule();
    },
  };
}
