// One sync serves all who wait for it.

/** One at a time; who calls while one runs waits for the next, which covers all of them. Once one failed, all fail. */
export function createSharedSync(syncOnce: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const start = async (): Promise<void> => {
    next = undefined;
    // A sync that failed may have dropped the bytes, and a later one would not tell.
    if (failure) throw failure.error;
    try {
      await syncOnce();
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const begin = (): Promise<void> => {
    const current = start().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  };
  return () => {
    if (next) return next;
    if (!running) return begin();
    next = running.then(begin, begin);
    return next;
  };
}
