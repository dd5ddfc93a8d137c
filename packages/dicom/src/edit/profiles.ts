// Which attributes a confidentiality profile removes, empties, or gives another UID (PS3.15 E.1).
import { confidentialityTable } from '../generated/confidentiality-profiles.js';
import { parseTag, type Tag } from '../tag.ts';

export const profileEditions = ['2008', '2017c', '2021b', '2023b'] as const;
export type ProfileEdition = (typeof profileEditions)[number];

/** Groups and elements, inclusive. */
export interface TagRange {
  readonly groups: readonly [number, number];
  readonly elements: readonly [number, number];
}

export interface ConfidentialityProfile {
  readonly removed: ReadonlySet<Tag>;
  readonly emptied: ReadonlySet<Tag>;
  readonly uids: ReadonlySet<Tag>;
  readonly removedRanges: readonly TagRange[];
}

export function isInRange(tag: Tag, { groups, elements }: TagRange): boolean {
  const [group, element] = [tag >>> 16, tag & 0xffff];
  return group >= groups[0] && group <= groups[1] && element >= elements[0] && element <= elements[1];
}

const rangePattern = /^([\da-f]{4})-([\da-f]{4}),([\da-f]{4})-([\da-f]{4})$/;

/** A range of tags such as `5000-50ff,0000-ffff`; undefined: the text is none. */
export function rangeOf(text: string): TagRange | undefined {
  const [, ...bounds] = rangePattern.exec(text) ?? [];
  const [firstGroup = 0, lastGroup = 0, firstElement = 0, lastElement = 0] = bounds.map((bound) =>
    Number.parseInt(bound, 16),
  );
  return bounds.length === 4 ? { groups: [firstGroup, lastGroup], elements: [firstElement, lastElement] } : undefined;
}

const read = new Map<ProfileEdition, ConfidentialityProfile>();

/** The table is read once for each edition. */
export function confidentialityProfile(edition: ProfileEdition): ConfidentialityProfile {
  const profile = read.get(edition) ?? readProfile(edition);
  read.set(edition, profile);
  return profile;
}

function readProfile(edition: ProfileEdition): ConfidentialityProfile {
  const column = profileEditions.indexOf(edition);
  const removed = new Set<Tag>();
  const emptied = new Set<Tag>();
  const uids = new Set<Tag>();
  const removedRanges: TagRange[] = [];
  for (const line of confidentialityTable.split('\n')) {
    const [text = '', actions = ''] = line.split('\t');
    const action = actions.charAt(column);
    const range = rangeOf(text);
    if (range) {
      if (action === 'X') removedRanges.push(range);
      continue;
    }
    const tag = parseTag(text);
    if (tag === undefined) continue;
    if (action === 'X') removed.add(tag);
    if (action === 'Z') emptied.add(tag);
    if (action === 'U') uids.add(tag);
  }
  return { removed, emptied, uids, removedRanges };
}
