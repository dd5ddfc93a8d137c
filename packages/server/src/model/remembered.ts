// What is made again and again of the same few texts.

export interface Remembered {
  /** Texts whose results are kept; all go when one more comes. */
  readonly count: number;
  /** Characters of the longest text that is kept. */
  readonly longest: number;
}

/** `make`, with what it made last kept: nobody may change that. */
export function remembered<V extends {}>({ count, longest }: Remembered, make: (text: string) => V): typeof make {
  const kept = new Map<string, V>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (text.length > longest) return made;
    if (kept.size >= count) kept.clear();
    kept.set(text, made);
    return made;
  };
}
