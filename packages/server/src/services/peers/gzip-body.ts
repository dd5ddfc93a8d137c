// A file compressed by gzip, with the length that it will have: servers want to know it before the first byte.
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { PeerBody } from '../../ports/index.ts';

/** What is larger is not kept, but compressed a second time as it is sent. */
const keptBytes = 16 * 1024 * 1024;

async function* gzipped(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Whoever leaves early closes the file too; whoever reads to the end is told what went wrong with it.
  yield* pipeline(Readable.from(file, { objectMode: false }), createGzip(), () => undefined);
}

/** @param open gives the file, from its beginning, each time */
export async function gzipBody(open: PeerBody['open']): Promise<Pick<PeerBody, 'length' | 'open'>> {
  let kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of gzipped(open())) {
    length += chunk.length;
    if (length <= keptBytes) kept.push(chunk);
    else kept = [];
  }
  return { length, open: length <= keptBytes ? () => inPieces(kept) : () => gzipped(open()) };
}

/** What is in memory, as a body has it. */
export async function* inPieces(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
