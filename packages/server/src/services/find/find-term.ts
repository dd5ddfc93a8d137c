// Reads the text of a key attribute as a kind of matching (PS3.4 C.2.2.2): universal, single value, list, wildcard, range.
import { formatTag, type Tag, type Vr } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { Match } from '../../ports/index.ts';
import type { FindTerm } from './find-request.ts';

/** Range matching is for dates and times only (PS3.4 C.2.2.2.5). */
const rangeVrs: ReadonlySet<Vr> = new Set<Vr>(['DA', 'DT', 'TM']);

/** Wildcard matching is for texts only (PS3.4 C.2.2.2.4). */
const wildcardVrs: ReadonlySet<Vr> = new Set<Vr>(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);

const wildcard = /[*?]/;

function refuseWildcard(tag: Tag, text: string): void {
  if (wildcard.test(text)) {
    throw new PharosError('ParameterOutOfRange', `Wildcards are not allowed on tag ${formatTag(tag)}`);
  }
}

function range(text: string): Match | undefined {
  const dash = text.indexOf('-');
  const from = text.slice(0, dash);
  const to = text.slice(dash + 1);
  if (from === '' && to === '') return undefined;
  return { kind: 'range', from: from === '' ? undefined : from, to: to === '' ? undefined : to };
}

/**
 * How a key is matched; undefined is universal matching: no condition at all.
 * @throws PharosError ParameterOutOfRange for a wildcard where the VR has none, and for sequences
 */
export function matchOf(tag: Tag, vr: Vr, text: string): Match | undefined {
  if (text === '') return undefined;
  if (vr === 'SQ') throw new PharosError('ParameterOutOfRange', `The sequence ${formatTag(tag)} cannot be searched`);
  if (rangeVrs.has(vr) && text.includes('-')) {
    refuseWildcard(tag, text);
    return range(text);
  }
  if (text.includes('\\')) return { kind: 'list', values: text.split('\\') };
  if (wildcardVrs.has(vr) && wildcard.test(text)) return { kind: 'wildcard', pattern: text };
  refuseWildcard(tag, text);
  return { kind: 'equal', value: text };
}

/** The same for a key with its tag; undefined for universal matching. @throws PharosError as matchOf */
export function findTerm(tag: Tag, vr: Vr, text: string, caseSensitive: boolean): FindTerm | undefined {
  const match = matchOf(tag, vr, text);
  return match && { tag, match, caseSensitive };
}

/** How a metadata is matched; undefined is no condition. */
export function metadataMatchOf(text: string): Match | undefined {
  if (text === '') return undefined;
  if (text.includes('\\')) return { kind: 'list', values: text.split('\\') };
  return wildcard.test(text) ? { kind: 'wildcard', pattern: text } : { kind: 'equal', value: text };
}
