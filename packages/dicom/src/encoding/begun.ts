// Streams that fail before anything is done with them, if they fail at the beginning.

/**
 * The same pieces, of which the first was read: what fails there, fails here. It is read once, or left by `return`, which leaves the
 * source too, whether any piece was asked for or not.
 */
export async function begun<T>(source: AsyncIterable<T>): Promise<AsyncIterableIterator<T>> {
  const iterator = source[Symbol.asyncIterator]();
  let first: IteratorResult<T> | undefined = await iterator.next();
  const pieces: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => pieces,
    async next() {
      const result = first ?? iterator.next();
      first = undefined;
      return result;
    },
    async return() {
      first = undefined;
      await iterator.return?.();
      return { done: true, value: undefined };
    },
  };
  return pieces;
}
