// Where the bytes of an instance come from: its attachment, or memory where the data set had to be inflated.
import type { AttachmentInfo } from '../../model/index.ts';
import type { ByteRange } from '../../ports/index.ts';
import type { ByteSpan } from '../services.ts';
import type { AttachmentContent } from './instance-attachment-content.ts';

export interface ByteSource {
  readonly size: number;
  /** Bytes of memory that this source itself holds. */
  readonly heldBytes: number;
  read(range: ByteRange): Promise<Uint8Array>;
  stream(range: ByteRange): AsyncIterable<Uint8Array>;
  /** Reads on from `start`, forwards only: cheap also where the source is compressed. */
  forward(start: number): ForwardReader;
}

export interface ForwardReader {
  readonly position: number;
  /** The next bytes, fewer at the end. */
  take(count: number): Promise<Uint8Array>;
  skip(count: number): Promise<void>;
  /** To be called where the reader is left. */
  close(): Promise<void>;
}

const windowBytes = 16 * 1024;
const none: Uint8Array = new Uint8Array(0);

/** Reads windows of a source that is read anywhere at the same cost; where much is skipped, no more than what is taken. */
function windowedReader(source: Pick<ByteSource, 'size' | 'read'>, start: number): ForwardReader {
  let position = start;
  let reach = windowBytes;
  let window = none;
  let windowStart = start;
  return {
    get position() {
      return position;
    },
    async take(count) {
      const end = Math.min(position + count, source.size);
      if (end > windowStart + window.byteLength) {
        windowStart = position;
        const windowEnd = Math.min(Math.max(position + reach, end), source.size);
        window = await source.read({ start: windowStart, end: windowEnd });
      }
      const bytes = window.subarray(position - windowStart, end - windowStart);
      position = end;
      return bytes;
    },
    async skip(count) {
      reach = count > windowBytes ? 0 : windowBytes;
      position = Math.min(position + count, source.size);
      if (position > windowStart + window.byteLength) {
        window = none;
        windowStart = position;
      }
    },
    close: async () => {},
  };
}

/** Reads a stream piece by piece. */
function streamedReader(pieces: AsyncIterable<Uint8Array>, start: number): ForwardReader {
  const iterator = pieces[Symbol.asyncIterator]();
  let position = start;
  let held = none;

  /** Holds as many bytes, fewer at the end. */
  const hold = async (count: number): Promise<void> => {
    const pieces = [held];
    let length = held.byteLength;
    while (length < count) {
      const next = await iterator.next();
      if (next.done) break;
      pieces.push(next.value);
      length += next.value.byteLength;
    }
    if (pieces.length > 1) held = Buffer.concat(pieces, length);
  };
  const drop = (count: number): number => {
    const dropped = Math.min(count, held.byteLength);
    held = held.subarray(dropped);
    position += dropped;
    return dropped;
  };
  return {
    get position() {
      return position;
    },
    async take(count) {
      await hold(count);
      const bytes = held.subarray(0, count);
      drop(count);
      return bytes;
    },
    async skip(count) {
      let left = count - drop(count);
      while (left > 0) {
        await hold(1);
        if (held.byteLength === 0) return;
        left -= drop(left);
      }
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

/** The content of an attachment. */
export function attachmentBytes(attachment: AttachmentInfo, contents: AttachmentContent): ByteSource {
  const size = attachment.uncompressedSize;
  const source = {
    size,
    heldBytes: 0,
    read: (range: ByteRange) => contents.content(attachment, range),
    stream: (range: ByteRange) => contents.stream(attachment, range),
  };
  const forward = (start: number): ForwardReader =>
    attachment.compression === 'none'
      ? windowedReader(source, start)
      : streamedReader(contents.stream(attachment, { start: Math.min(start, size), end: size }), start);
  return { ...source, forward };
}

export function memoryBytes(bytes: Uint8Array): ByteSource {
  const source = {
    size: bytes.byteLength,
    heldBytes: bytes.byteLength,
    read: async (range: ByteRange) => bytes.subarray(range.start, range.end),
    async *stream(range: ByteRange) {
      yield bytes.subarray(range.start, range.end);
    },
  };
  return { ...source, forward: (start) => windowedReader(source, start) };
}

/** Bytes that are in memory already, as an answer gives them. */
export function memorySpan(bytes: Uint8Array): ByteSpan {
  return {
    length: bytes.byteLength,
    read: async () => bytes,
    async *stream() {
      yield bytes;
    },
  };
}
