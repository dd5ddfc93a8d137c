// Query keys and answers in JSON: how clients give them, how they are shown.
import { type DataSet, type Dictionary, formatTag, type Tag, type TagFormat, toOrthancJson } from '@pharos/dicom';
import type { Json } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import { type QueryKeys, readAnswer } from '../services/query/index.ts';
import { tagNamed } from './shapes/content-words.ts';
import { isMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';
import { createTagsJson } from './shapes/tags-json.ts';

/** Keys of a query: tags, each with a text. @throws PharosError BadFileFormat */
export function queryKeysOf(value: unknown, dictionary: Dictionary): QueryKeys {
  const keys = new Map<Tag, string>();
  if (!isMembers(value)) throw new PharosError('BadFileFormat', 'Field "Query" must be a JSON object');
  for (const [name, text] of Object.entries(value)) {
    const tag = dictionary.findTag(name.trim());
    if (tag === undefined || typeof text !== 'string') {
      throw new PharosError(
        'BadFileFormat',
        `Field "Query" must map DICOM tags to strings: see "${name.slice(0, 64)}"`,
      );
    }
    keys.set(tag, text);
  }
  return keys;
}

function scalarText(name: string, value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new PharosError('BadRequest', `Field "${name.slice(0, 64)}" must be a string, a number, a Boolean or null`);
}

/** Keys of the searches before /query: any scalar is a text. @throws PharosError UnknownDicomTag, BadRequest */
export function scalarKeysOf(members: JsonMembers, dictionary: Dictionary): QueryKeys {
  const keys = new Map<Tag, string>();
  for (const [name, value] of Object.entries(members)) keys.set(tagNamed(dictionary, name), scalarText(name, value));
  return keys;
}

export function keysJson(keys: QueryKeys, format: TagFormat, dictionary: Dictionary): Json {
  const tags = Object.fromEntries(Array.from(keys, ([tag, text]) => [formatTag(tag), text]));
  return createTagsJson(dictionary, format).ofMainTags(tags);
}

/** @throws PharosError NetworkProtocol where the peer sent what cannot be read */
export function answerJson(answer: DataSet, format: TagFormat, dictionary: Dictionary) {
  return readAnswer(() => toOrthancJson(answer, { format, dictionary }));
}

/** Simplify, Short or Full of a body, in this order. @throws PharosError BadFileFormat */
export function bodyFormatOf(members: JsonMembers, otherwise: TagFormat): TagFormat {
  const member = memberReader(members, 'BadFileFormat');
  const asked = { simplify: member.boolean('Simplify'), short: member.boolean('Short'), full: member.boolean('Full') };
  if (asked.simplify) return 'simplify';
  if (asked.short) return 'short';
  return asked.full ? 'full' : otherwise;
}
