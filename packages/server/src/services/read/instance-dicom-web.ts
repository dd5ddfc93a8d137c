// An instance as one document of DICOMweb: JSON (PS3.18 F) or XML (PS3.19 A), with native pixel data inline, which is streamed into its
// place, and without encapsulated pixel data.
import { randomBytes } from 'node:crypto';
import { type DataSet, type Dictionary, dicomJsonText, orthancFileJson, toDicomXml } from '@pharos/dicom';
import type { OrthancId } from '../../model/index.ts';
import type { ByteSpan, InstanceReader } from '../services.ts';
import { memorySpan } from './instance-bytes.ts';

export type DicomWebFormat = 'json' | 'xml';

export interface DicomWebDependencies {
  readonly reader: InstanceReader;
  readonly dictionary: Dictionary;
}

const undefinedLength = 0xffffffff;
/** A multiple of 3, so that its Base64 form has no padding, and of 2 times 2, as it is words of equal bytes. */
const markBytes = 24;

/** Bytes that stand for the pixels; the same in both byte orders. */
function createMark(): Buffer {
  const random = randomBytes(markBytes / 2);
  return Buffer.from(Array.from({ length: markBytes }, (_, at) => random[at >> 1] ?? 0));
}

async function* base64(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    const joined =
      rest.byteLength > 0
        ? Buffer.concat([rest, piece])
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const whole = joined.byteLength - (joined.byteLength % 3);
    rest = joined.subarray(whole);
    if (whole > 0) yield Buffer.from(joined.toString('base64', 0, whole), 'latin1');
  }
  if (rest.byteLength > 0) yield Buffer.from(rest.toString('base64'), 'latin1');
}

/** The text with the pixels in place of their mark. */
function spliced(text: string, mark: Buffer, pixels: ByteSpan): ByteSpan {
  const place = mark.toString('base64');
  const at = text.indexOf(place);
  if (at < 0) return memorySpan(Buffer.from(text, 'utf8'));
  const head = Buffer.from(text.slice(0, at), 'utf8');
  const tail = Buffer.from(text.slice(at + place.length), 'utf8');
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    yield* base64(pixels.stream());
    yield tail;
  };
  return {
    length: head.byteLength + Math.ceil(pixels.length / 3) * 4 + tail.byteLength,
    stream,
    async read() {
      const pieces: Uint8Array[] = [];
      for await (const piece of stream()) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}

function written(dataSet: DataSet, dictionary: Dictionary, format: DicomWebFormat): string {
  const options = { ...orthancFileJson, dictionary };
  return format === 'json' ? dicomJsonText(dataSet, options) : toDicomXml(dataSet, options);
}

/** UTF-8. undefined: no such instance. @throws DicomError, PharosError where the file cannot be shown like this */
export async function dicomWebDocument(
  { reader, dictionary }: DicomWebDependencies,
  id: OrthancId,
  format: DicomWebFormat,
): Promise<ByteSpan | undefined> {
  const pixels = await reader.pixels(id);
  const pixelData = pixels?.file.pixelData;
  const span = pixelData && pixelData.length !== undefinedLength ? (await pixels.fragments?.())?.[0] : undefined;
  const mark = createMark();
  const file = await reader.whole(id, span && span.length > 0 ? mark : 'absent');
  return file && spliced(written(file.dataSet, dictionary, format), mark, span ?? memorySpan(new Uint8Array(0)));
}
