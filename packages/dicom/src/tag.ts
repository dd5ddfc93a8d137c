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

const shape = /^([0-9a-fA-F]{4})[,-]?([0-9a-fA-F]{4})$/;

/** Reads `gggg,eeee`, `gggg-eeee` or `ggggeeee`; undefined for anything else. Keywords: see `findTag` of the dictionary. */
export function parseTag(text: string): Tag | undefined {
  const match = shape.exec(text);
  if (!match) return undefined;
  return Number.parseInt(`${match[1]}${match[2]}`, 16);
}
