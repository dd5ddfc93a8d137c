// Results in order, while the next few are being made.

/** `make` for 0 to `count - 1`, at most `width` at the same time. Leaving the iteration starts no more. */
export async function* ahead<T>(
  count: number,
  width: number,
  make: (index: number) => Promise<T>,
): AsyncGenerator<T, void, undefined> {
  const underWay: Promise<T>[] = [];
  let next = 0;
  const start = (): void => {
    const made = make(next++);
    // Seen when its turn comes; until then it is nobody's fault.
    made.catch(() => {});
    underWay.push(made);
  };
  while (next < Math.min(width, count)) start();
  for (let made = underWay.shift(); made; made = underWay.shift()) {
    const value = await made;
    if (next < count) start();
    yield value;
  }
}
