// Where an element is within sequences: `Sequence[0].Tag`, `Sequence[*].Tag`, `Sequence.Tag` (of all items), or just `Tag`; a
// tag in hexadecimal may stand in parentheses.
import type { Tag } from '../tag.ts';

export interface PathStep {
  readonly tag: Tag;
  /** undefined: every item. */
  readonly item: number | undefined;
}

export interface TagPath {
  /** The sequences above, from the outermost. */
  readonly parents: readonly PathStep[];
  readonly tag: Tag;
}

/** A place in a data set. */
export interface Place {
  readonly tag: Tag;
  readonly item: number;
}

const deepest = 16;

/** Without the parentheses of DCMTK's notation. */
const bare = (text: string): string => text.trim().replace(/^\((.*)\)$/, '$1');

function stepOf(text: string, tagOf: (name: string) => Tag | undefined): PathStep | undefined {
  const match = /^([^[\]]+)(?:\[(\d{1,9}|\*)\])?$/.exec(text);
  const tag = match?.[1] === undefined ? undefined : tagOf(bare(match[1]));
  if (!match || tag === undefined) return undefined;
  const item = match[2] === undefined || match[2] === '*' ? undefined : Number(match[2]);
  return { tag, item };
}

/** @param tagOf the tag of a name. undefined: it is no path of tags that are known */
export function parseTagPath(text: string, tagOf: (name: string) => Tag | undefined): TagPath | undefined {
  const pieces = text.split('.');
  const last = pieces.pop() ?? '';
  const tag = tagOf(bare(last));
  const parents = pieces.map((piece) => stepOf(piece.trim(), tagOf));
  if (tag === undefined || parents.length > deepest) return undefined;
  const known = parents.filter((step) => step !== undefined);
  return known.length === parents.length ? { parents: known, tag } : undefined;
}

/** Whether the items above an element are those of the path. */
export function isBelow({ parents }: TagPath, places: readonly Place[]): boolean {
  return (
    parents.length === places.length &&
    parents.every(({ tag, item }, at) => places[at]?.tag === tag && (item === undefined || places[at]?.item === item))
  );
}

/** Whether an element is what the path says, or within that. */
export function isAtOrWithin(path: TagPath, tag: Tag, places: readonly Place[]): boolean {
  const depth = path.parents.length;
  if (places.length === depth) return path.tag === tag && isBelow(path, places);
  return places[depth]?.tag === path.tag && isBelow(path, places.slice(0, depth));
}
