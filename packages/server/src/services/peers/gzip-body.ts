// A file compressed by gzip, with the length that it will have: servers want to know it before the first byte.
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { PeerBody } from '../../ports/index.ts';

/** What is larger is not kept, but compressed a second time as it is sent. */
const keptBytes = 16 * 1024 * 1024;

async function* gzipped(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(file, { objectMode: false });
  const gzip = createGzip();
  source.once('error', (error) => gzip.destroy(error));
  yield* source.pipe(gzip);
}

/** @param open gives the file, from its beginning, each time */
export async function gzipBody(open: () => AsyncIterable<Uint8Array>): Promise<Pick<PeerBody, 'length' | 'content'>> {
  let kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of gzipped(open())) {
    length += chunk.length;
    if (length <= keptBytes) kept.push(chunk);
    else kept = [];
  }
  return { length, content: length <= keptBytes ? inPieces(kept) : gzipped(open()) };
}

async function* inPieces(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
