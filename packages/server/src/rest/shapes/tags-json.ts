// Values of attributes in Orthanc's three formats: `full` {tag: {Name, Type, Value}}, `short` {tag: value}, `simplify` {name: value}.
import { type Dictionary, formatTag, type Json, parseTag, type TagFormat, toOrthancJson } from '@pharos/dicom';
import type { TagKey } from '../../model/index.ts';
import { lookInto, type StoredSequence, type TagValue, type TagValues } from '../../services/read/index.ts';

export type TagsObject = { [key: string]: Json };

export interface TagsJson {
  /** @param keep which of the tags to show */
  ofMainTags(tags: Readonly<Record<TagKey, string>>, keep?: (key: TagKey) => boolean): TagsObject;
  ofValues(values: TagValues): TagsObject;
  /** Sequences as the index keeps them. */
  ofSequences(sequences: Readonly<Record<TagKey, StoredSequence>>): TagsObject;
}

/** An item of a stored sequence, which is in the full format, in the one asked for. Its depth was bounded when it was stored. */
function itemJson(item: StoredSequence[number], format: TagFormat): Json {
  if (format === 'full') return item;
  const result: TagsObject = {};
  for (const [key, { Name, Value }] of Object.entries(item)) {
    const shown = Value === null || typeof Value === 'string' ? Value : Value.map((inner) => itemJson(inner, format));
    result[format === 'short' ? key : Name] = shown;
  }
  return result;
}

function typeOf(value: TagValue): 'Null' | 'String' | 'Sequence' {
  if (value === null) return 'Null';
  return typeof value === 'string' ? 'String' : 'Sequence';
}

/** Keep it for one answer: it remembers names. Its functions throw PharosError BadFileFormat where a file is broken. */
export function createTagsJson(dictionary: Dictionary, format: TagFormat): TagsJson {
  const names = new Map<TagKey, string>();

  const nameOf = (key: TagKey): string => {
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = dictionary.nameOf(parseTag(key) ?? 0);
    names.set(key, name);
    return name;
  };

  const content = (value: TagValue): Json => {
    if (value === null || typeof value === 'string') return value;
    if ('stored' in value) return value.stored.map((item) => itemJson(item, format));
    return lookInto(() => value.items.map((item) => toOrthancJson(item, { format, dictionary })));
  };

  const add = (target: TagsObject, key: TagKey, value: TagValue): void => {
    if (format === 'simplify') target[nameOf(key)] = content(value);
    else if (format === 'short') target[key] = content(value);
    else target[key] = { Name: nameOf(key), Type: typeOf(value), Value: content(value) };
  };

  return {
    ofMainTags(tags, keep) {
      const target: TagsObject = {};
      for (const key in tags) if (!keep || keep(key)) add(target, key, tags[key] ?? '');
      return target;
    },
    ofValues(values) {
      const target: TagsObject = {};
      for (const [tag, value] of values) add(target, formatTag(tag), value);
      return target;
    },
    ofSequences(sequences) {
      const target: TagsObject = {};
      for (const key in sequences) add(target, key, { stored: sequences[key] ?? [] });
      return target;
    },
  };
}
