// From who makes pieces to who sends them, one at a time: the maker waits until the piece before is taken, and hears where nobody takes
// any more.
import { PharosError } from '../../model/index.ts';

export interface PieceChannel {
  /** Resolves when the next one is asked for. @throws PharosError CannotWriteFile where nobody does any more; the reason of `cut` */
  push(piece: Uint8Array): Promise<void>;
  /** @param error that of the reader too */
  end(error?: unknown): void;
  /** Who makes pieces is stopped with this reason, also where it waits; the reader finds an end behind what it has taken,
   * or the error that `end` got before. */
  cut(reason: unknown): void;
  /** To be read once. */
  pieces(): AsyncGenerator<Uint8Array, void, undefined>;
}

const gone = (): PharosError => new PharosError('CannotWriteFile', 'Nobody downloads the archive any more');

export function createPieceChannel(): PieceChannel {
  let held: Uint8Array | undefined;
  let outcome: { readonly error?: unknown } | undefined;
  let stopped: { readonly reason: unknown } | undefined;
  let isLeft = false;
  let wake = Promise.withResolvers<void>();
  const change = (): void => {
    const woken = wake;
    wake = Promise.withResolvers();
    woken.resolve();
  };

  const check = (): void => {
    if (stopped) throw stopped.reason;
    if (isLeft) throw gone();
  };

  return {
    async push(piece) {
      check();
      held = piece;
      change();
      while (held !== undefined) {
        await wake.promise;
        check();
      }
    },
    end(error) {
      outcome ??= error === undefined ? {} : { error };
      change();
    },
    cut(reason) {
      stopped ??= { reason };
      outcome ??= {};
      held = undefined;
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
