// Memory for archives that are sent while they are made: each holds some for as long as its client takes, however slowly. What is beyond
// the room waits for its turn, first come, first served; HttpRequestTimeout ends those whose clients take nothing at all.
const mebibyte = 1024 * 1024;

/** Bytes that an archive may hold on its way to one client. */
export const archiveBytes = 2 * mebibyte;
/** The same where its files are written anew. */
export const transcodedArchiveBytes = 16 * mebibyte;

export interface ArchiveRoom {
  /**
   * Resolves when there is room for so many bytes; call what it gives, once, when they are not held any more.
   * @throws the reason of the signal, where it is aborted before
   */
  enter(bytes: number, signal: AbortSignal): Promise<() => void>;
}

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/** @param limit bytes of all archives together; one that wants more than this has it for itself */
export function createArchiveRoom(limit = 128 * mebibyte): ArchiveRoom {
  const waiting = new Set<Waiting>();
  let held = 0;

  const proceed = (): void => {
    for (const next of waiting) {
      if (held + next.bytes > limit) return;
      waiting.delete(next);
      held += next.bytes;
      next.enter();
    }
  };

  return {
    async enter(wanted, signal) {
      signal.throwIfAborted();
      const bytes = Math.min(wanted, limit);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const turn = { bytes, enter: resolve };
      const stop = (): void => {
        if (!waiting.delete(turn)) return;
        reject(signal.reason);
        proceed();
      };
      signal.addEventListener('abort', stop, { once: true });
      waiting.add(turn);
      proceed();
      await promise.finally(() => signal.removeEventListener('abort', stop));
      return () => {
        held -= bytes;
        proceed();
      };
    },
  };
}
