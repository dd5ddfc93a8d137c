// Raw access to one value of an instance by a path of tags and item indices, such as 0008-1140/0/0008-1150.
import {
  type DataSet,
  type Dictionary,
  type Element,
  formatTag,
  type ParsedFile,
  type Tag,
  type Vr,
} from '@pharos/dicom';
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { ByteSpan, InstanceReader } from '../services.ts';
import { memorySpan } from './instance-bytes.ts';
import { lookInto } from './unreadable-file.ts';

/** What is at the end of the path: names of what is below it, or a value. */
export type PathContent =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'value'; readonly value: ByteSpan };

export interface PathDependencies {
  readonly reader: InstanceReader;
  readonly dictionary: Dictionary;
}

const wordBytes: Partial<Readonly<Record<Vr, 2 | 4 | 8>>> = {
  AT: 2,
  OW: 2,
  SS: 2,
  US: 2,
  FL: 4,
  OF: 4,
  OL: 4,
  SL: 4,
  UL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
};

/** The value of an element with its padding, its words in little endian. */
function littleEndianBytes({ bytes, vr, littleEndian }: Element): Uint8Array {
  const size = littleEndian ? undefined : wordBytes[vr];
  if (size === undefined || bytes.byteLength % size !== 0) return bytes;
  const swapped = Buffer.from(bytes);
  if (size === 2) return swapped.swap16();
  return size === 4 ? swapped.swap32() : swapped.swap64();
}

const spaced: ReadonlySet<Vr> = new Set([
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UR',
  'UT',
]);
const space = 0x20;
const nul = 0x00;

/** The value of a text without its padding, but for what makes its length even (PS3.5 6.2). */
function evenText(bytes: Uint8Array, padding: number): Uint8Array {
  let end = bytes.byteLength;
  while (end > 0 && bytes[end - 1] === padding) end--;
  return bytes.subarray(0, Math.min(end + (end % 2), bytes.byteLength));
}

function storedValue(element: Element): Uint8Array {
  if (spaced.has(element.vr)) return evenText(element.bytes, space);
  return element.vr === 'UI' ? evenText(element.bytes, nul) : littleEndianBytes(element);
}

function indexOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const indices = (count: number): PathContent => ({
  kind: 'names',
  names: Array.from({ length: count }, (_, index) => String(index)),
});

function tagOfName(dictionary: Dictionary, name: string): Tag {
  const tag = dictionary.findTag(name);
  if (tag === undefined) throw new PharosError('UnknownDicomTag', `Unknown DICOM tag: ${name.slice(0, 64)}`);
  return tag;
}

function elementContent(dataSet: DataSet, tag: Tag): PathContent | undefined {
  const element = dataSet.element(tag);
  if (!element) return undefined;
  if (element.items) return indices(element.items.length);
  return { kind: 'value', value: memorySpan(storedValue(element)) };
}

function walk(root: DataSet, path: readonly string[], dictionary: Dictionary): PathContent | undefined {
  let dataSet = root;
  for (let i = 0; i + 1 < path.length; i += 2) {
    const index = indexOf(path[i + 1] ?? '');
    const item = index === undefined ? undefined : dataSet.items(tagOfName(dictionary, path[i] ?? ''))[index];
    if (!item) return undefined;
    dataSet = item;
  }
  const last = path.length % 2 === 1 ? path.at(-1) : undefined;
  if (last !== undefined) return elementContent(dataSet, tagOfName(dictionary, last));
  return { kind: 'names', names: [...dataSet.tags()].map((tag) => formatTag(tag).replace(',', '-')) };
}

function isPixelPath(path: readonly string[], first: Tag | undefined, file: ParsedFile): boolean {
  return first !== undefined && path.length <= 2 && first === file.pixelData?.tag;
}

async function pixelContent(
  reader: InstanceReader,
  id: OrthancId,
  index: string | undefined,
): Promise<PathContent | undefined> {
  const spans = (await (await reader.pixels(id))?.fragments?.()) ?? [];
  if (index === undefined) return indices(spans.length);
  const number = indexOf(index);
  if (number === undefined) throw new PharosError('BadFileFormat', 'The index of a fragment must be a number');
  const value = spans[number];
  return value && { kind: 'value', value };
}

/** @returns undefined where there is nothing at the path
 * @throws PharosError UnknownResource, UnknownDicomTag, BadFileFormat */
export async function instanceContent(
  { reader, dictionary }: PathDependencies,
  id: OrthancId,
  path: readonly string[],
): Promise<PathContent | undefined> {
  const file = await reader.header(id);
  if (!file) throw new PharosError('UnknownResource');
  const first = path[0] === undefined ? undefined : tagOfName(dictionary, path[0]);
  if (isPixelPath(path, first, file)) return pixelContent(reader, id, path[1]);
  const isInHeader = !file.pixelData || (first !== undefined && first < file.pixelData.tag);
  const whole = isInHeader ? file : await reader.whole(id);
  return whole && lookInto(() => walk(whole.dataSet, path, dictionary));
}
