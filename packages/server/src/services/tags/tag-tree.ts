// Tags as clients write them in JSON, by name, to elements: strings, numbers, null, sequences as arrays of objects, bytes as data URIs.
import { creatorTagOf, type Dictionary, type ElementInit, formatTag, type Tag, type Vr, vrOf } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import { parseDataUri } from './data-uri.ts';

export interface TagTreeOptions {
  readonly dictionary: Dictionary;
  /** Values that are data URIs are bytes. */
  readonly interpretsBinary: boolean;
  /** Of private tags outside sequences; within one, an item names its own (as with Orthanc). '': they have none. */
  readonly privateCreator: string;
}

/** Sequences within sequences. */
const deepest = 16;

/** @throws PharosError UnknownDicomTag */
export function tagOf(dictionary: Dictionary, name: string): Tag {
  const tag = dictionary.findTag(name);
  if (tag === undefined) throw new PharosError('UnknownDicomTag', `Unknown DICOM tag: ${name.slice(0, 64)}`);
  return tag;
}

function refuse(tag: Tag): never {
  throw new PharosError(
    'BadParameterType',
    `Tag ${formatTag(tag)} must be a string, a number, null, or an array of objects`,
  );
}

function vrIn({ dictionary, privateCreator }: TagTreeOptions, tag: Tag): Vr {
  const creator = privateCreator === '' ? undefined : privateCreator;
  return dictionary.entry(tag, creator)?.vr ?? vrOf(tag, creator);
}

/** Binary ones that clients write as numbers (PS3.5 6.2). */
const arraysOfNumbers: ReadonlySet<Vr> = new Set(['OD', 'OF', 'OL']);

function numbersOf(tag: Tag, text: string): readonly number[] {
  if (text.trim() === '') return [];
  return text.split('\\').map((piece) => {
    const number = piece.trim() === '' ? Number.NaN : Number(piece);
    return Number.isNaN(number) ? refuse(tag) : number;
  });
}

function elementOf(tag: Tag, value: unknown, options: TagTreeOptions, depth: number): ElementInit {
  const vr = vrIn(options, tag);
  if (Array.isArray(value)) {
    const items = value.map((item) => {
      // Scripts in Lua cannot tell an empty object from an empty array.
      if (Array.isArray(item) && item.length === 0) return [];
      return isMembers(item) ? elements(item, options, depth + 1) : refuse(tag);
    });
    return { tag, vr: 'SQ', value: items };
  }
  const text = value === null ? '' : typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return refuse(tag);
  const uri = options.interpretsBinary ? parseDataUri(text) : undefined;
  if (vr === 'SQ') return uri === undefined && text === '' ? { tag, vr, value: [] } : refuse(tag);
  return { tag, vr, value: uri?.bytes ?? (arraysOfNumbers.has(vr) ? numbersOf(tag, text) : text) };
}

const isMembers = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function elements(members: object, options: TagTreeOptions, depth: number): readonly ElementInit[] {
  if (depth > deepest) throw new PharosError('BadFileFormat', `Sequences are nested more than ${deepest} deep`);
  const given = Object.entries(members).map(([name, value]) =>
    elementOf(tagOf(options.dictionary, name), value, options, depth),
  );
  return depth === 0 ? [...creatorsOf(given, options), ...given] : given;
}

/** Who reserves the blocks of the private tags (PS3.5 7.8.1), where they do not say so themselves. */
function creatorsOf(given: readonly ElementInit[], { privateCreator }: TagTreeOptions): readonly ElementInit[] {
  if (privateCreator === '') return [];
  const reserved = new Set(given.map(({ tag }) => creatorTagOf(tag)).filter((tag) => tag !== undefined));
  return [...reserved].map((tag) => ({ tag, vr: 'LO', value: privateCreator }));
}

/** @throws PharosError BadParameterType, BadFileFormat, UnknownDicomTag */
export function elementsOfTags(members: object, options: TagTreeOptions): readonly ElementInit[] {
  return elements(members, options, 0);
}
