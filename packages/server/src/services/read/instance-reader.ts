// Reads stored instances: the header without the pixels behind it, the elements behind the pixels without the pixels between,
// frames one by one. Nothing here is proportional to the size of a file, deflated data sets (PS3.5 A.5) excepted.
import { inflateRawSync } from 'node:zlib';
import {
  createPart10Parser,
  DicomError,
  type ParsedFile,
  type ParseOptions,
  parsePart10,
  transferSyntaxOf,
} from '@pharos/dicom';
import { Attachment, type AttachmentInfo, type OrthancId, PharosError, type Settings } from '../../model/index.ts';
import type { BlobStore, IndexStore, Metrics } from '../../ports/index.ts';
import type { InstanceReader, LiveSettings, PixelSubstitute } from '../services.ts';
import { type AttachmentContent, createAttachmentContent } from './instance-attachment-content.ts';
import { attachmentBytes, type ByteSource, memoryBytes } from './instance-bytes.ts';
import { createByteCache } from './instance-cache.ts';
import { createPixelReader } from './instance-frames.ts';
import { withoutPixels } from './instance-tail.ts';

export interface InstanceReaderDependencies {
  readonly index: Pick<IndexStore, 'get'>;
  readonly blobs: Pick<BlobStore, 'read' | 'stream'>;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly settings: Pick<Settings, 'DicomParserCacheSize' | 'MaximumStorageCacheSize'>;
  readonly metrics: Metrics;
}

/** Most headers end within the first read; the following ones grow. */
const firstReadBytes = 16 * 1024;
const largestReadBytes = 4 * 1024 * 1024;
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

function badFile(error: unknown): unknown {
  if (!(error instanceof DicomError)) return error;
  return new PharosError('BadFileFormat', {
    details: `The stored file cannot be read: ${error.message}`,
    cause: error,
  });
}

async function readHeader(attachment: AttachmentInfo, bytes: ByteSource, options: ParseOptions): Promise<ReadHeader> {
  const parser = createPart10Parser(options);
  const { uncompressedSize: size } = attachment;
  let position = 0;
  let step = firstReadBytes;
  while (position < size && !parser.isComplete) {
    const end = Math.min(position + step, size);
    parser.push(await bytes.read({ start: position, end }));
    position = end;
    step = Math.min(step * 4, largestReadBytes);
  }
  return { file: parser.finish(), readBytes: position };
}

interface ReadHeader {
  readonly file: ParsedFile;
  readonly readBytes: number;
}

export function createInstanceReader(dependencies: InstanceReaderDependencies): InstanceReader {
  const { index, live, settings, metrics } = dependencies;
  const contents: AttachmentContent = createAttachmentContent(dependencies);
  // A parsed header takes several times the bytes that are counted, hence a part of what the configuration allows.
  const cacheBytes = (settings.DicomParserCacheSize * 1024 * 1024) / 8;
  const cache = createByteCache<OpenInstance>(cacheBytes);
  const derivedCache = createByteCache<Uint8Array>(cacheBytes);
  const pixels = createPixelReader();

  const parse = async (attachment: AttachmentInfo, fallbackCharset: string): Promise<OpenInstance & ReadHeader> => {
    const bytes = attachmentBytes(attachment, contents);
    let source = bytes;
    const header = await readHeader(attachment, bytes, {
      fallbackCharset,
      inflateRaw(deflated, maximum) {
        const inflated = inflateRaw(deflated, Math.min(maximum, inflatedBytes));
        source = memoryBytes(inflated);
        return inflated;
      },
    });
    return { attachment, source, ...header };
  };

  /** The file of an instance. */
  const locate = async (id: OrthancId): Promise<AttachmentInfo | undefined> => {
    const resource = await index.get(id, { attachments: true });
    if (resource?.level !== 'Instance') return undefined;
    return resource.attachments.find(({ type }) => type === Attachment.dicom);
  };

  const openFile = async (attachment: AttachmentInfo): Promise<OpenInstance> => {
    const fallbackCharset = live.fallbackCharset();
    const key = `${attachment.uuid} ${fallbackCharset}`;
    const kept = cache.get(key);
    metrics.add(`orthanc_dicom_parser_cache_${kept ? 'hit' : 'miss'}_count`, 1);
    if (kept) return kept;
    try {
      const { file, source, readBytes } = await parse(attachment, fallbackCharset);
      const opened = { attachment, file, source };
      cache.set(key, opened, readBytes + source.heldBytes);
      return opened;
    } catch (error) {
      throw badFile(error);
    }
  };

  const open = async (id: OrthancId): Promise<OpenInstance | undefined> => {
    const attachment = await locate(id);
    return attachment && openFile(attachment);
  };

  const readWhole = async (opened: OpenInstance, substitute: PixelSubstitute): Promise<ParsedFile> => {
    const { attachment, file } = opened;
    const options: ParseOptions = { stopAt: 'end', fallbackCharset: live.fallbackCharset(), inflateRaw };
    const bytes = transferSyntaxOf(file.transferSyntax)?.deflated
      ? await contents.content(attachment)
      : await withoutPixels(opened, await pixels.end(opened), substitute);
    return { ...parsePart10(bytes, options), pixelData: file.pixelData };
  };

  return {
    content: contents.content,
    stream: contents.stream,
    async header(id) {
      return (await open(id))?.file;
    },
    async whole(id, substitute = 'empty') {
      const opened = await open(id);
      if (!opened?.file.pixelData) return opened?.file;
      try {
        return await readWhole(opened, substitute);
      } catch (error) {
        throw badFile(error);
      }
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
