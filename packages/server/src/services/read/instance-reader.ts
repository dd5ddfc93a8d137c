// Reads stored instances: the header without the pixels behind it, the elements behind the pixels without the pixels between,
// frames one by one. What has to be in memory as a whole, such as a header with a document in it, is read one by one if it is large.
import { inflateRawSync } from 'node:zlib';
import { createPart10Parser, type ParsedFile, type ParseOptions, parsePart10, transferSyntaxOf } from '@pharos/dicom';
import { Attachment, type AttachmentInfo, type OrthancId, type Settings } from '../../model/index.ts';
import type { BlobStore, IndexStore, Metrics } from '../../ports/index.ts';
import type { InstanceReader, LiveSettings, PixelSubstitute } from '../services.ts';
import { type AttachmentContent, createAttachmentContent } from './instance-attachment-content.ts';
import { attachmentBytes, type ByteSource, memoryBytes } from './instance-bytes.ts';
import { createByteCache, showCache } from './instance-cache.ts';
import { createPixelReader } from './instance-frames.ts';
import { bytesWithoutPixels, withoutPixels } from './instance-tail.ts';
import { createOneByOne, type OneByOne } from './one-by-one.ts';
import { unreadable } from './unreadable-file.ts';

export interface InstanceReaderDependencies {
  readonly index: Pick<IndexStore, 'get'>;
  readonly blobs: Pick<BlobStore, 'read' | 'stream' | 'lend' | 'sequence'>;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly settings: Pick<Settings, 'DicomParserCacheSize' | 'MaximumStorageCacheSize'>;
  readonly metrics: Metrics;
}

/** Most headers end within the first read; the following ones grow. */
const firstReadBytes = 16 * 1024;
const largestReadBytes = 4 * 1024 * 1024;
/** What needs more memory than this waits until nothing else does. */
const largeBytes = 4 * 1024 * 1024;
/** What a deflated data set may inflate to. */
const inflatedBytes = 512 * 1024 * 1024;

/** What is kept of an instance: its header, and where the rest can be read. */
export interface OpenInstance {
  readonly attachment: AttachmentInfo;
  readonly file: ParsedFile;
  /** The bytes that offsets of `file` count in: the file, or the inflated data set. */
  readonly source: ByteSource;
}

function inflateRaw(bytes: Uint8Array, maximum: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: Math.max(maximum, 1), finishFlush: 2 });
}

interface ReadHeader {
  readonly file: ParsedFile;
  readonly readBytes: number;
}

async function readHeader(bytes: ByteSource, options: ParseOptions, oneByOne: OneByOne): Promise<ReadHeader> {
  const { size } = bytes;
  const parser = createPart10Parser(options);
  const first = Math.min(firstReadBytes, size);
  parser.push(await bytes.read({ start: 0, end: first }));
  if (first === size || parser.isComplete) return { file: parser.finish(), readBytes: first };
  const rest = bytes.forward(first);
  let step = firstReadBytes;
  const readUpTo = async (end: number): Promise<void> => {
    while (rest.position < end && !parser.isComplete) {
      step = Math.min(step * 4, largestReadBytes, end - rest.position);
      parser.push(await rest.take(step));
    }
  };
  try {
    await readUpTo(Math.min(size, largeBytes));
    if (rest.position < size && !parser.isComplete) await oneByOne(() => readUpTo(size));
    return { file: parser.finish(), readBytes: rest.position };
  } finally {
    await rest.close();
  }
}

export function createInstanceReader(dependencies: InstanceReaderDependencies): InstanceReader {
  const { index, live, settings, metrics } = dependencies;
  const contents: AttachmentContent = createAttachmentContent(dependencies);
  // A parsed header takes several times the bytes that are counted, hence a part of what the configuration allows.
  const cacheBytes = (settings.DicomParserCacheSize * 1024 * 1024) / 8;
  // What is said of each of thousands of frames is long, and wanted again for each of them.
  const cache = createByteCache<OpenInstance>(cacheBytes, 1 / 2);
  showCache(metrics, 'dicom_parser', cache);
  const derivedCache = createByteCache<Uint8Array>(cacheBytes);
  const pixels = createPixelReader();
  const oneByOne = createOneByOne();
  /** What is being opened, so that those who ask for one file at once read it once. */
  const opening = new Map<string, Promise<OpenInstance>>();

  const parse = async (attachment: AttachmentInfo, fallbackCharset: string): Promise<OpenInstance & ReadHeader> => {
    const bytes = attachmentBytes(attachment, contents);
    let source = bytes;
    const inflate = (deflated: Uint8Array, maximum: number): Uint8Array => {
      const inflated = inflateRaw(deflated, Math.min(maximum, inflatedBytes));
      source = memoryBytes(inflated);
      return inflated;
    };
    const header = await readHeader(bytes, { fallbackCharset, inflateRaw: inflate }, oneByOne);
    return { attachment, source, ...header };
  };

  /** The file of an instance. */
  const locate = async (id: OrthancId): Promise<AttachmentInfo | undefined> => {
    const resource = await index.get(id, { attachments: true });
    if (resource?.level !== 'Instance') return undefined;
    return resource.attachments.find(({ type }) => type === Attachment.dicom);
  };

  const openNew = async (attachment: AttachmentInfo, fallbackCharset: string, key: string): Promise<OpenInstance> => {
    try {
      const { file, source, readBytes } = await parse(attachment, fallbackCharset);
      const opened = { attachment, file, source };
      cache.set(key, opened, readBytes + source.heldBytes);
      return opened;
    } catch (error) {
      throw unreadable(error);
    }
  };

  const openFile = async (attachment: AttachmentInfo): Promise<OpenInstance> => {
    const fallbackCharset = live.fallbackCharset();
    const key = `${attachment.uuid} ${fallbackCharset}`;
    const kept = cache.get(key) ?? opening.get(key);
    metrics.add(`orthanc_dicom_parser_cache_${kept ? 'hit' : 'miss'}_count`, 1);
    if (kept) return kept;
    const opened = openNew(attachment, fallbackCharset, key).finally(() => opening.delete(key));
    opening.set(key, opened);
    return opened;
  };

  const open = async (id: OrthancId): Promise<OpenInstance | undefined> => {
    const attachment = await locate(id);
    return attachment && openFile(attachment);
  };

  const readWhole = async (opened: OpenInstance, substitute: PixelSubstitute): Promise<ParsedFile> => {
    const { attachment, file } = opened;
    const options: ParseOptions = { stopAt: 'end', fallbackCharset: live.fallbackCharset(), inflateRaw };
    const isDeflated = transferSyntaxOf(file.transferSyntax)?.deflated;
    const end = isDeflated ? 0 : await pixels.end(opened);
    // Nothing is behind Pixel Data: all there is was read already.
    if (substitute === 'absent' && end === opened.source.size) return file;
    const read = async (): Promise<ParsedFile> => {
      const bytes = isDeflated ? await contents.content(attachment) : await withoutPixels(opened, end, substitute);
      return { ...parsePart10(bytes, options), pixelData: file.pixelData };
    };
    const size = isDeflated ? opened.source.size : bytesWithoutPixels(opened, end);
    return size > largeBytes ? oneByOne(read) : read();
  };

  const wholeOf = async (opened: OpenInstance, substitute: PixelSubstitute): Promise<ParsedFile> => {
    if (!opened.file.pixelData) return opened.file;
    try {
      return await readWhole(opened, substitute);
    } catch (error) {
      throw unreadable(error);
    }
  };

  return {
    content: contents.content,
    stream: contents.stream,
    lend: contents.lend,
    sequence: contents.sequence,
    async open(attachment) {
      const opened = await openFile(attachment);
      const { file } = opened;
      return { file, pixels: pixels.open(opened), whole: (substitute = 'empty') => wholeOf(opened, substitute) };
    },
    async header(id) {
      return (await open(id))?.file;
    },
    async whole(id, substitute = 'empty') {
      const opened = await open(id);
      return opened && wholeOf(opened, substitute);
    },
    async derived(id, name, make) {
      const attachment = await locate(id);
      if (!attachment) return undefined;
      const key = `${attachment.uuid} ${live.fallbackCharset()} ${name}`;
      const kept = derivedCache.get(key);
      if (kept) return kept;
      const made = make((await openFile(attachment)).file);
      derivedCache.set(key, made, made.byteLength);
      return made;
    },
    async pixels(id) {
      const opened = await open(id);
      return opened && pixels.open(opened);
    },
  };
}
