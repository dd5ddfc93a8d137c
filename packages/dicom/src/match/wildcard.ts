// Wild card matching (PS3.4 C.2.2.2.4): `*` is any sequence of characters, `?` any one UTF-16 code unit. Without regular
// expressions and without going back: the time grows with the text, and with a 32nd of the longest part that has a `?`.

/** Whether the whole text matches; case counts (see foldCase). */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [head = '', ...middle] = pattern.split('*');
  const tail = middle.pop();
  if (tail === undefined) return head.length === text.length && isEqual(head, text, 0);
  const end = text.length - tail.length;
  if (head.length > end || !isEqual(head, text, 0) || !isEqual(tail, text, end)) return false;
  let at = head.length;
  for (const part of middle) {
    const found = find(part, text, at, end);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

function isEqual(part: string, text: string, at: number): boolean {
  if (!part.includes('?')) return text.startsWith(part, at);
  for (let index = 0; index < part.length; index += 1) {
    const letter = part[index];
    if (letter !== '?' && letter !== text[at + index]) return false;
  }
  return true;
}

/** First place of a part without `*` in text[from, end), -1 when there is none. */
function find(part: string, text: string, from: number, end: number): number {
  if (part.length === 0) return from;
  if (part.includes('?')) return findWithJokers(part, text, from, end);
  const at = text.indexOf(part, from);
  return at >= 0 && at + part.length <= end ? at : -1;
}

/** Shift-and search: bit i of `state` tells that the last i + 1 characters match the first i + 1 of the part. */
function findWithJokers(part: string, text: string, from: number, end: number): number {
  const words = Math.ceil(part.length / 32);
  const places = placesOf(part, words);
  const anywhere = places.get('?') ?? new Uint32Array(words);
  const state = new Uint32Array(words);
  const lastBit = 1 << ((part.length - 1) & 31);
  for (let at = from; at < end; at += 1) {
    const fitting = places.get(text[at] ?? '') ?? anywhere;
    let carry = 1;
    for (let word = 0; word < words; word += 1) {
      const bits = state[word] ?? 0;
      state[word] = ((bits << 1) | carry) & (fitting[word] ?? 0);
      carry = bits >>> 31;
    }
    if (((state[words - 1] ?? 0) & lastBit) !== 0) return at - part.length + 1;
  }
  return -1;
}

/** For each character of the part the places it may stand at, those of `?` included. */
function placesOf(part: string, words: number): Map<string, Uint32Array> {
  const places = new Map<string, Uint32Array>([['?', new Uint32Array(words)]]);
  for (const letter of part.split('')) if (!places.has(letter)) places.set(letter, new Uint32Array(words));
  for (const [index, letter] of part.split('').entries()) {
    const targets = letter === '?' ? places.values() : [places.get(letter)];
    for (const target of targets) if (target) target[index >> 5] = (target[index >> 5] ?? 0) | (1 << (index & 31));
  }
  return places;
}
