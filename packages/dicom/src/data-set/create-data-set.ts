// Data sets from values: for what Pharos makes itself (queries, answers, created and modified instances).
import { createTextCodec, type TextCodec } from '../charset/index.ts';
import { vrOf } from '../dictionary/index.ts';
import { creatorTagOf, formatTag, type Tag } from '../tag.ts';
import { encodeValue, type Scalar, swapWords, ValueError } from '../values/index.ts';
import { isInCharset, type Vr, wordSizeOf } from '../vr.ts';
import { BuiltContents, type BuiltElement } from './built-contents.ts';
import { DataSet } from './data-set.ts';
import type { Element } from './element.ts';
import { DicomError, defaultLimits } from './problem.ts';

export interface ElementInit {
  readonly tag: Tag;
  /** By default that of the dictionary, for private tags with the creator among the other elements. */
  readonly vr?: Vr;
  /** Several values as an array or joined by a backslash; bytes are taken as they are, little endian; arrays of elements are items. */
  readonly value:
    | string
    | number
    | bigint
    | readonly Scalar[]
    | Uint8Array
    | readonly (readonly ElementInit[])[]
    | { readonly fragments: readonly Uint8Array[] };
}

export interface CreateOptions {
  /** Defined term for text, unless the elements hold Specific Character Set. Default ISO_IR 100. */
  readonly charset?: string;
}

const specificCharacterSet: Tag = 0x00080005;
const defaultCharset = 'ISO_IR 100';
const nothing = new Uint8Array(0);

type InitValue = ElementInit['value'];
type ItemsInit = readonly (readonly ElementInit[])[];

function isFragments(value: InitValue): value is { readonly fragments: readonly Uint8Array[] } {
  return typeof value === 'object' && 'fragments' in value;
}

/** An empty array is an empty sequence only where the representation is SQ. */
function isItems(value: InitValue, vr: Vr): value is ItemsInit {
  return Array.isArray(value) && (value.length === 0 ? vr === 'SQ' : value.every((item) => Array.isArray(item)));
}

function isScalars(value: InitValue): value is Scalar | readonly Scalar[] | Uint8Array {
  if (typeof value !== 'object' || value instanceof Uint8Array) return true;
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}

function creatorIn(entries: readonly ElementInit[], tag: Tag): string | undefined {
  const creatorTag = creatorTagOf(tag);
  if (creatorTag === undefined) return undefined;
  const creator = entries.find((entry) => entry.tag === creatorTag)?.value;
  return typeof creator === 'string' ? creator.trim() : undefined;
}

function charsetIn(entries: readonly ElementInit[]): string | undefined {
  const value = entries.findLast((entry) => entry.tag === specificCharacterSet)?.value;
  if (typeof value === 'string') return value.trim() || undefined;
  return Array.isArray(value) ? value.join('\\') : undefined;
}

export interface Surroundings {
  readonly entries: readonly ElementInit[];
  readonly codec: () => TextCodec;
  readonly depth: number;
}

export function buildElement(init: ElementInit, { entries, codec, depth }: Surroundings): BuiltElement {
  const { tag, value } = init;
  const vr = init.vr ?? vrOf(tag, creatorIn(entries, tag));
  if (isFragments(value)) return { tag, vr, bytes: nothing, items: undefined, fragments: value.fragments };
  if (isItems(value, vr)) return buildSequence(tag, value, codec, depth);
  if (vr === 'SQ' && (value === '' || (value instanceof Uint8Array && value.length === 0))) {
    return buildSequence(tag, [], codec, depth);
  }
  if (vr === 'SQ' || !isScalars(value)) throw new DicomError('Malformed', `(${formatTag(tag)}) has no value of ${vr}`);
  try {
    return { tag, vr, bytes: encodeValue(value, vr, codec), items: undefined, fragments: undefined };
  } catch (error) {
    if (error instanceof ValueError)
      throw new DicomError('Malformed', `(${formatTag(tag)}) a value of ${vr} ${error.message}`);
    throw error;
  }
}

function buildSequence(tag: Tag, items: ItemsInit, codec: () => TextCodec, depth: number): BuiltElement {
  if (depth >= defaultLimits.depth) throw new DicomError('TooDeep', `sequences are nested more than ${depth} deep`);
  const contents = items.map((item) => buildContents(item, codec, depth + 1));
  const bind = (parent: DataSet): readonly DataSet[] => contents.map((content) => new DataSet(content, parent));
  return { tag, vr: 'SQ', bytes: nothing, items: bind, fragments: undefined };
}

function buildContents(entries: readonly ElementInit[], outer: () => TextCodec, depth: number): BuiltContents {
  const own = charsetIn(entries);
  const codec = own === undefined ? outer : () => createTextCodec(own, defaultCharset);
  const elements = new Map<Tag, BuiltElement>();
  for (const entry of entries) elements.set(entry.tag, buildElement(entry, { entries, codec, depth }));
  return new BuiltContents([...elements.values()].sort((a, b) => a.tag - b.tag));
}

/**
 * A data set of these elements, in any order; of several with one tag the last counts.
 * @throws DicomError Malformed for a value that its representation cannot hold, TooDeep
 */
export function createDataSet(entries: readonly ElementInit[], options: CreateOptions = {}): DataSet {
  const charset = options.charset ?? defaultCharset;
  return new DataSet(
    buildContents(entries, () => createTextCodec(options.charset, defaultCharset), 0),
    charset,
  );
}

export function adopt(element: Element): BuiltElement {
  const { tag, vr, items, fragments } = element;
  const bytes = element.littleEndian ? element.bytes : swapWords(element.bytes, wordSizeOf(vr));
  return { tag, vr, bytes, items: items && (() => items), fragments };
}

/** The same with text in the character set of `codec`, also in items, unless they declare one of their own. */
function recode(element: Element, dataSet: DataSet, codec: () => TextCodec): BuiltElement {
  const { tag, vr, items, bytes } = element;
  if (items) return { ...adopt(element), items: (parent) => items.map((item) => recodeItem(item, parent, codec)) };
  if (!isInCharset(vr)) return adopt(element);
  const text = dataSet.codec.decode(bytes, vr);
  return { tag, vr, bytes: encodeValue(text, vr, codec), items: undefined, fragments: undefined };
}

function recodeItem(item: DataSet, parent: DataSet, codec: () => TextCodec): DataSet {
  if (item.has(specificCharacterSet)) return item;
  return new DataSet(new BuiltContents(Array.from(item.elements(), (element) => recode(element, item, codec))), parent);
}

/**
 * A data set that holds what `dataSet` holds except the elements that `isKept` refuses, with `entries` added or in the place of
 * elements with their tags. Nothing is copied that stays, unless `entries` declare another character set: then all text is in that.
 * @throws DicomError as `createDataSet`
 */
export function editDataSet(
  dataSet: DataSet,
  entries: readonly ElementInit[],
  isKept: (tag: Tag) => boolean = () => true,
): DataSet {
  const charset = charsetIn(entries);
  const codec = () => (charset === undefined ? dataSet.codec : createTextCodec(charset, defaultCharset));
  const keep = codec() === dataSet.codec ? adopt : (element: Element) => recode(element, dataSet, codec);
  const elements = new Map<Tag, BuiltElement>();
  for (const element of dataSet.elements()) if (isKept(element.tag)) elements.set(element.tag, keep(element));
  for (const entry of entries) elements.set(entry.tag, buildElement(entry, { entries, codec, depth: 0 }));
  return new DataSet(new BuiltContents([...elements.values()].sort((a, b) => a.tag - b.tag)), dataSet.fallbackCharset);
}
