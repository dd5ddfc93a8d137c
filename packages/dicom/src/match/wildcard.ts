// Wild card matching (PS3.4 C.2.2.2.4): `*` is any sequence of characters, `?` any one character. No regular
// expression: a hostile pattern costs at most length times length, and time grows with the text alone without `?`.

/** Whether the whole text matches; case counts (see foldCase). */
export function matchesWildcard(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return isEqual(pattern, text, 0) && pattern.length === text.length;
  const [head = '', ...middle] = pattern.split('*');
  const tail = middle.pop() ?? '';
  if (head.length + tail.length > text.length) return false;
  if (!isEqual(head, text, 0) || !isEqual(tail, text, text.length - tail.length)) return false;
  const end = text.length - tail.length;
  let at = head.length;
  for (const part of middle) {
    const found = find(part, text, at, end);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether the text has characters that make wild card matching necessary. */
export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** First place of a part without `*` in text[from, end), -1 when there is none. */
function find(part: string, text: string, from: number, end: number): number {
  if (!part.includes('?')) {
    const at = text.indexOf(part, from);
    return at >= 0 && at + part.length <= end ? at : -1;
  }
  for (let at = from; at + part.length <= end; at += 1) if (isEqual(part, text, at)) return at;
  return -1;
}

function isEqual(part: string, text: string, at: number): boolean {
  if (at + part.length > text.length) return false;
  if (!part.includes('?')) return text.startsWith(part, at);
  for (let index = 0; index < part.length; index += 1) {
    const letter = part[index];
    if (letter !== '?' && letter !== text[at + index]) return false;
  }
  return true;
}
