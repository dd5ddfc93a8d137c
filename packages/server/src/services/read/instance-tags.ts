// The tags of an instance as Orthanc's JSON shows them: up to Pixel Data, which shows as an element without a value; and parts of
// them, which are taken from the full format.
import {
  type Dictionary,
  formatTag,
  type Json,
  type ParsedFile,
  type Tag,
  type TagFormat,
  toOrthancJson,
} from '@pharos/dicom';
import { lookInto } from './unreadable-file.ts';

export interface InstanceTagsOptions {
  readonly format: TagFormat;
  readonly dictionary: Dictionary;
  /** Tags of which long values are shown too. */
  readonly ignoreLength?: ReadonlySet<Tag>;
}

export type TagsJson = { readonly [key: string]: Json };

/** @param file the header of an instance. @throws PharosError BadFileFormat */
export function instanceTags(file: ParsedFile, options: InstanceTagsOptions): TagsJson {
  return lookInto(() => toOrthancJson(file.dataSet, { ...options, hasPixelData: file.pixelData !== undefined }));
}

/** @param file the whole of an instance. @throws PharosError BadFileFormat */
export function wholeInstanceTags(file: ParsedFile, options: InstanceTagsOptions): TagsJson {
  const hasPixelData = file.pixelData !== undefined;
  return lookInto(() => toOrthancJson(file.dataSet, { ...options, hasPixelData, whole: true }));
}

function isObject(value: Json | undefined): value is TagsJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function briefValue({ Type, Value }: TagsJson, format: 'short' | 'simplify'): Json {
  if (Type === 'String') return Value ?? null;
  if (Type !== 'Sequence' || !isArray(Value)) return null;
  return Value.map((item) => (isObject(item) ? briefTags(item, format) : null));
}

/** The other formats, made from the full one. */
export function briefTags(full: TagsJson, format: TagFormat): TagsJson {
  if (format === 'full') return full;
  const brief: Record<string, Json> = {};
  for (const [key, element] of Object.entries(full)) {
    if (isObject(element)) brief[format === 'short' ? key : String(element.Name)] = briefValue(element, format);
  }
  return brief;
}

/** Elements of the full format whose tags are in the set. */
export function pickTags(full: TagsJson, wanted: ReadonlySet<Tag>): TagsJson {
  const keys = new Set([...wanted].map(formatTag));
  return Object.fromEntries(Object.entries(full).filter(([key]) => keys.has(key)));
}

/** What is text and the same in both, in the full format. `shared` undefined: there is nothing to compare with yet. */
export function sharedTags(shared: TagsJson | undefined, full: TagsJson): TagsJson {
  return Object.fromEntries(
    Object.entries(shared ?? full).filter(([key, element]) => {
      const other = full[key];
      return isObject(element) && isObject(other) && other.Type === 'String' && element.Value === other.Value;
    }),
  );
}

/** The file meta information, without what is binary in it. */
export function headerTags({ meta }: ParsedFile, options: InstanceTagsOptions): TagsJson {
  const texts = new Set([...meta.tags()].filter((tag) => meta.text(tag) !== undefined));
  return briefTags(pickTags(toOrthancJson(meta, { ...options, format: 'full' }), texts), options.format);
}
