// Arguments of the routes that show tags of files: the format, and which long values are shown.
import type { Dictionary, Tag, TagFormat } from '@pharos/dicom';
import { query } from '../../http/index.ts';
import { tagNamed } from './content-words.ts';

export const formatQuery = {
  simplify: query.flag('Tags as {name: value}'),
  short: query.flag('Tags as {tag: value}'),
  full: query.flag('Tags as {tag: {Name, Type, Value}}, the default'),
};

export const ignoreLengthQuery = {
  'ignore-length': query.list('Tags whose values are shown however long they are', ','),
};

/** Full unless told otherwise. */
export function fullFormatOf(asked: { readonly simplify: boolean; readonly short: boolean }): TagFormat {
  if (asked.simplify) return 'simplify';
  return asked.short ? 'short' : 'full';
}

/** @throws PharosError UnknownDicomTag */
export function ignoreLengthOf(
  dictionary: Dictionary,
  asked: { readonly 'ignore-length': readonly string[] | undefined },
): ReadonlySet<Tag> | undefined {
  const names = asked['ignore-length'];
  return names && new Set(names.map((name) => tagNamed(dictionary, name)));
}

/** Text of JSON made here would not become XML: where this is true, the value itself has to be answered. */
export function mayWantXml(accept: string | undefined): boolean {
  return accept?.includes('application/xml') ?? false;
}
