// Forms with files (multipart/form-data, RFC 7578, RFC 2046 5.1): Orthanc posts each part to the route as if it had come alone,
// and so do we. Read by hand, as the field's clients write it: white space around names, a last boundary without its hyphens.
import { PharosError } from '../model/index.ts';
import { bodyOf } from './request-body.ts';
import type { RequestBody } from './route.ts';

const maximumParts = 100_000;
const maximumHeaderBytes = 16 * 1024;

/** True for a body that is a form with files. */
export function isForm(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*multipart\/form-data\b/i.test(contentType);
}

function boundaryOf(contentType: string): string {
  const found = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;]*))/i.exec(contentType);
  const boundary = (found?.[1] ?? found?.[2] ?? '').trim();
  if (boundary === '' || boundary.length > 200) throw new PharosError('BadRequest', 'A form without a usable boundary');
  return boundary;
}

/** Bytes that were read ahead, and more of them on demand. */
class ByteSource {
  #held: Buffer;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>, start: Buffer) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#held = start;
  }

  get held(): Buffer {
    return this.#held;
  }

  skip(count: number): void {
    this.#held = this.#held.subarray(count);
  }

  /** False at the end. */
  async more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    return true;
  }

  /** What stands before the mark, which is passed over. @throws PharosError BadRequest at the end or past the limit */
  async until(mark: Buffer, limit: number): Promise<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0 && at <= limit) {
        const before = this.#held.subarray(0, at);
        this.skip(at + mark.length);
        return before;
      }
      if (this.#held.length > limit || !(await this.more())) throw new PharosError('BadRequest', 'Malformed form');
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

const lineEnd = Buffer.from('\r\n');

/** The bytes up to the next delimiter, which is passed over. @throws PharosError BadRequest where the form ends before */
async function* content(source: ByteSource, delimiter: Buffer): AsyncGenerator<Buffer> {
  for (;;) {
    const { held } = source;
    const at = held.indexOf(delimiter);
    const sure = at >= 0 ? at : held.length - delimiter.length + 1;
    if (sure > 0) {
      yield held.subarray(0, sure);
      source.skip(sure);
    }
    if (at >= 0) {
      source.skip(delimiter.length);
      return;
    }
    if (!(await source.more())) throw new PharosError('BadRequest', 'A form that ends in the middle of a part');
  }
}

async function passOver(source: ByteSource, delimiter: Buffer): Promise<void> {
  for await (const _bytes of content(source, delimiter));
}

/** After a delimiter: true where another part follows. */
async function hasPart(source: ByteSource): Promise<boolean> {
  while (source.held.length < 2) if (!(await source.more())) return false;
  if (source.held.toString('latin1', 0, 2) === '--') return false;
  const padding = await source.until(lineEnd, maximumHeaderBytes);
  if (padding.some((byte) => byte !== 0x20 && byte !== 0x09)) throw new PharosError('BadRequest', 'Malformed form');
  return true;
}

/** The content type among the header fields of a part; '' where it has none. */
async function partContentType(source: ByteSource): Promise<string> {
  let contentType = '';
  for (let bytes = 0; bytes <= maximumHeaderBytes; ) {
    const line = (await source.until(lineEnd, maximumHeaderBytes)).toString('latin1');
    if (line === '') return contentType;
    bytes += line.length + lineEnd.length;
    const field = /^\s*content-type\s*:(.*)$/i.exec(line);
    if (field) contentType = (field[1] ?? '').trim();
  }
  throw new PharosError('BadRequest', 'The header of a part of a form is too long');
}

/**
 * Gives each part to `take`, one after the other, as it comes; memory is bounded by one chunk of the body.
 * @throws PharosError BadRequest where the form is malformed or ends early; what `take` throws
 */
export async function eachPart(body: RequestBody, take: (part: RequestBody) => Promise<void>): Promise<void> {
  const delimiter = Buffer.from(`\r\n--${boundaryOf(body.contentType)}`);
  const source = new ByteSource(body.stream(), lineEnd);
  try {
    // What stands before the first part means nothing.
    await passOver(source, delimiter);
    for (let parts = 0; await hasPart(source); parts++) {
      if (parts >= maximumParts) throw new PharosError('BadRequest', 'Too many parts in a form');
      const contentType = await partContentType(source);
      let isRead = false;
      const bytes = (async function* () {
        yield* content(source, delimiter);
        isRead = true;
      })();
      await take(bodyOf(() => bytes, contentType, undefined));
      if (!isRead) await passOver(source, delimiter);
    }
  } finally {
    await source.close();
  }
}
