// What is made again and again of the same few values.

/** `make`, with what it made last kept: at most `count` values, which all go when one more comes. What it makes must not be changed. */
export function remembered<K, V extends {}>(count: number, make: (key: K) => V): (key: K) => V {
  const kept = new Map<K, V>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    if (kept.size >= count) kept.clear();
    kept.set(key, made);
    return made;
  };
}
