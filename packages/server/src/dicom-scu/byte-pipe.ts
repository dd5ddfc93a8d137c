// Bytes that are pushed at one end and read at the other, with back-pressure.

export interface BytePipe {
  /** A promise asks to be given nothing until it settles. */
  push(chunk: Uint8Array): Promise<void> | undefined;
  end(): void;
  /** The reader gets this error. */
  fail(error: unknown): void;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const heldBytes = 1024 * 1024;

export function createBytePipe(): BytePipe {
  const chunks: Uint8Array[] = [];
  let held = 0;
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let more = Promise.withResolvers<void>();
  let room = Promise.withResolvers<void>();

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk) {
          held -= chunk.byteLength;
          if (held < heldBytes) room.resolve();
          yield chunk;
        } else if (failure) {
          throw failure.error;
        } else if (isOver) {
          return;
        } else {
          await more.promise;
          more = Promise.withResolvers();
        }
      }
    } finally {
      // Nobody reads any more: what comes is dropped.
      isOver = true;
      chunks.length = 0;
      room.resolve();
    }
  }

  return {
    push(chunk) {
      if (isOver) return undefined;
      chunks.push(chunk);
      held += chunk.byteLength;
      more.resolve();
      if (held < heldBytes) return undefined;
      room = Promise.withResolvers();
      return room.promise;
    },
    end() {
      isOver = true;
      more.resolve();
    },
    fail(error) {
      failure ??= { error };
      more.resolve();
    },
    bytes: { [Symbol.asyncIterator]: read },
  };
}
