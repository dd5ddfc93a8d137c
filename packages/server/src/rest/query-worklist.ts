// Keys of a worklist query (PS3.4 K.6.1.2): nested, as sequences hold keys of their own.
import { type Dictionary, type ElementInit, formatTag, type Tag, vrOf } from '@pharos/dicom';
import { PharosError } from '../model/index.ts';
import { tagNamed } from './shapes/content-words.ts';
import { isMembers } from './shapes/json-body.ts';

/** Sequences within sequences: worklists have three. */
const deepest = 16;

function refuse(tag: Tag): never {
  throw new PharosError('BadParameterType', `Tag ${formatTag(tag)} must be a string, null, or an array of objects`);
}

function elementOf(tag: Tag, value: unknown, dictionary: Dictionary, depth: number): ElementInit {
  const text = value === null ? '' : value;
  if (typeof text === 'string') return vrOf(tag) === 'UN' ? { tag, value: new Uint8Array(0) } : { tag, value: text };
  if (!Array.isArray(value) || vrOf(tag) !== 'SQ') return refuse(tag);
  return { tag, value: value.map((item) => (isMembers(item) ? elementsOf(item, dictionary, depth + 1) : refuse(tag))) };
}

function elementsOf(members: object, dictionary: Dictionary, depth: number): readonly ElementInit[] {
  if (depth > deepest) throw new PharosError('BadFileFormat', `Sequences are nested more than ${deepest} deep`);
  return Object.entries(members).map(([name, value]) =>
    elementOf(tagNamed(dictionary, name), value, dictionary, depth),
  );
}

/** @throws PharosError BadParameterType, BadFileFormat, UnknownDicomTag */
export function worklistElements(query: unknown, dictionary: Dictionary): readonly ElementInit[] {
  if (!isMembers(query)) throw new PharosError('BadParameterType', 'Field "Query" must be a JSON object');
  return elementsOf(query, dictionary, 0);
}
