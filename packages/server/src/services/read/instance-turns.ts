// Long work on many cached instances never waits for anything: it has to let other requests in by itself.

const instancesATurn = 32;

/** The values one by one; after every few of them the event loop gets a turn. */
export async function* inTurns<T>(values: Iterable<T>): AsyncGenerator<T> {
  let since = 0;
  for (const value of values) {
    if (++since > instancesATurn) {
      since = 1;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    yield value;
  }
}
