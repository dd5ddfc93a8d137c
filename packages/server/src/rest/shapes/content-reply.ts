// Answers that are bytes of what is stored: small ones in one piece, which is faster, large ones as a stream.
import { promises as streams } from 'node:stream';
import { createGzip, gzip } from 'node:zlib';
import { bytes, type Headers, type Reply, stream } from '../../http/index.ts';
import type { ByteSpan } from '../../services/index.ts';

/** Content up to this size is held in memory while it is sent. */
const inOnePieceBytes = 1024 * 1024;
/** Larger content is lent where it can be; smaller content is often in memory. */
const lentBytes = 256 * 1024;
const gzipMime = 'application/gzip';

export async function contentReply(
  content: ByteSpan,
  mime: string,
  headers: Headers = {},
  status = 200,
): Promise<Reply> {
  if (content.lend && content.length > lentBytes) return stream(content.lend(), mime, content.length, headers, status);
  if (content.length <= inOnePieceBytes) return bytes(await content.read(), mime, headers, status);
  return stream(content.stream(), mime, content.length, headers, status);
}

/** An answer without body and type. */
export function bareReply(status: number, headers: Headers = {}): Reply {
  return bytes(new Uint8Array(0), '', headers, status);
}

/** The content in gzip. */
export async function gzipReply(content: ByteSpan): Promise<Reply> {
  if (content.length <= inOnePieceBytes) return bytes(await gzipped(await content.read()), gzipMime);
  return stream(gzipStream(content.stream()), gzipMime);
}

function gzipped(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => gzip(bytes, (error, result) => (error ? reject(error) : resolve(result))));
}

async function* gzipStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const compression = createGzip();
  const feeding = streams.pipeline(source, compression);
  // A failure of the source also destroys `compression`, so that the loop below throws it.
  feeding.catch(() => {});
  try {
    for await (const piece of compression) if (piece instanceof Uint8Array) yield piece;
  } finally {
    compression.destroy();
  }
}

/** Content-Disposition with a name that may come from the client: quotes and control characters are left out. */
export function namedAs(filename: string): Headers {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is left out
  const name = filename.replace(/["\x00-\x1f\x7f]/g, '');
  return { 'Content-Disposition': `filename="${Buffer.from(name, 'utf8').toString('latin1')}"` };
}
