// Tags of data elements (PS3.5 3.10): one unsigned 32-bit number, group in the upper half.
export type Tag = number;

export function tagOf(group: number, element: number): Tag {
  return ((group << 16) | element) >>> 0;
}

export function groupOf(tag: Tag): number {
  return tag >>> 16;
}

export function elementOf(tag: Tag): number {
  return tag & 0xffff;
}

/** Private elements have an odd group (PS3.5 7.8). */
export function isPrivateTag(tag: Tag): boolean {
  return (tag & 0x10000) !== 0;
}

/** The tag of the private creator that reserves the block of a private tag (PS3.5 7.8.1); undefined for tags outside of blocks. */
export function creatorTagOf(tag: Tag): Tag | undefined {
  return isPrivateTag(tag) && elementOf(tag) >= 0x1000 ? tagOf(groupOf(tag), elementOf(tag) >>> 8) : undefined;
}

/** `gggg,eeee`, lower case. */
export function formatTag(tag: Tag): string {
  const hex = tag.toString(16).padStart(8, '0');
  return `${hex.slice(0, 4)},${hex.slice(4)}`;
}

/** The value of a hexadecimal digit, by its character code; -1 for anything else. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

/** The number that four digits from `start` on spell; -1 where they are none. */
function fourDigits(text: string, start: number): number {
  let value = 0;
  for (let at = start; at < start + 4; at++) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** Reads `gggg,eeee`, `gggg-eeee` or `ggggeeee`; undefined for anything else. Keywords: see `findTag` of the dictionary. */
export function parseTag(text: string): Tag | undefined {
  if (text.length !== 8 && text.length !== 9) return undefined;
  if (text.length === 9 && text[4] !== ',' && text[4] !== '-') return undefined;
  const group = fourDigits(text, 0);
  const element = fourDigits(text, text.length - 4);
  return group < 0 || element < 0 ? undefined : tagOf(group, element);
}
