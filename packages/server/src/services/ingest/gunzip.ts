// Undoes the gzip of an upload as it comes, up to a limit.
import { promises, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PharosError } from '../../model/index.ts';

const fromZlib = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT', 'Z_STREAM_ERROR', 'Z_MEM_ERROR']);

function badContent(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!fromZlib.has(code)) return error;
  return new PharosError('BadFileFormat', { details: 'The gzip content is broken or ends early', cause: error });
}

/**
 * @param maximum bytes that may come out
 * @throws PharosError BadFileFormat where the content is not gzip, ends early or is too large; what `source` throws
 */
export async function* gunzipped(source: AsyncIterable<Uint8Array>, maximum: number): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  // Its failure is seen below, as that of the stream that is read.
  promises.pipeline(Readable.from(source, { objectMode: false }), gunzip).catch(() => {});
  let size = 0;
  try {
    for await (const chunk of gunzip) {
      if (!(chunk instanceof Uint8Array)) continue;
      size += chunk.byteLength;
      if (size > maximum) {
        throw new PharosError('BadFileFormat', 'The gzip content is larger than MaximumFileSizeInArchiveMB');
      }
      yield chunk;
    }
  } catch (error) {
    throw badContent(error);
  }
}
