// From who makes pieces to who sends them, one at a time: the maker waits until the piece before is taken, and hears where nobody takes
// any more.
import { PharosError } from '../../model/index.ts';

export interface PieceChannel {
  /** Resolves when the next one is asked for. @throws PharosError CannotWriteFile where nobody does any more */
  push(piece: Uint8Array): Promise<void>;
  /** @param error that of the reader too */
  end(error?: unknown): void;
  /** To be read once. */
  pieces(): AsyncGenerator<Uint8Array, void, undefined>;
}

const gone = (): PharosError => new PharosError('CannotWriteFile', 'Nobody downloads the archive any more');

export function createPieceChannel(): PieceChannel {
  let held: Uint8Array | undefined;
  let outcome: { readonly error?: unknown } | undefined;
  let isLeft = false;
  let wake = Promise.withResolvers<void>();
  const change = (): void => {
    const woken = wake;
    wake = Promise.withResolvers();
    woken.resolve();
  };

  return {
    async push(piece) {
      if (isLeft) throw gone();
      held = piece;
      change();
      while (held !== undefined) {
        await wake.promise;
        if (isLeft) throw gone();
      }
    },
    end(error) {
      outcome ??= error === undefined ? {} : { error };
      change();
    },
    async *pieces() {
      try {
        for (;;) {
          if (outcome && 'error' in outcome) throw outcome.error;
          const piece = held;
          if (piece !== undefined) {
            // It is the reader's until the next one is asked for.
            yield piece;
            held = undefined;
            change();
            continue;
          }
          if (outcome) return;
          await wake.promise;
        }
      } finally {
        isLeft = true;
        change();
      }
    },
  };
}
