// Forms with files (multipart/form-data, RFC 7578): Orthanc posts each part to the route as if it had come alone, and so do we.
import { Readable } from 'node:stream';
import busboy from '@fastify/busboy';
import { PharosError } from '../model/index.ts';
import { bodyOf } from './request-body.ts';
import type { RequestBody } from './route.ts';

const maximumParts = 100_000;

/** True for a body that is a form with files. */
export function isForm(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*multipart\/form-data\b/i.test(contentType);
}

/** The parser knows the boundary only in its plainest form: without white space around it. */
function plainContentType(contentType: string): string {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;]*))/i.exec(contentType);
  return `multipart/form-data; boundary="${(boundary?.[1] ?? boundary?.[2] ?? '').trim()}"`;
}

/** Forms whose last boundary lacks its two hyphens are common: what follows it makes it one; after a proper end it means nothing. */
async function* ended(body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield* body;
  yield Buffer.from('--\r\n');
}

function openParser(contentType: string) {
  try {
    return new busboy.Busboy({
      headers: { 'content-type': plainContentType(contentType) },
      isPartAFile: () => true,
      limits: { parts: maximumParts },
    });
  } catch (cause) {
    throw new PharosError('BadRequest', { details: 'A form without a usable boundary', cause });
  }
}

const malformed = (cause: unknown) =>
  cause instanceof PharosError ? cause : new PharosError('BadRequest', { details: 'Malformed form', cause });

/**
 * Gives each part to `take`, one after the other, as it comes; memory is bounded by the streams between.
 * @throws PharosError BadRequest where the form is malformed or ends early; what `take` throws
 */
export async function eachPart(body: RequestBody, take: (part: RequestBody) => Promise<void>): Promise<void> {
  const parser = openParser(body.contentType);
  const source = Readable.from(ended(body.stream()), { objectMode: false });
  let turn: Promise<void> = Promise.resolve();
  try {
    await new Promise<void>((resolve, reject) => {
      parser.on('file', (_name, stream, _fileName, _encoding, contentType) => {
        stream.on('error', reject);
        turn = turn.then(() => take(bodyOf(stream, contentType, undefined))).finally(() => stream.resume());
        turn.catch(reject);
      });
      parser.on('partsLimit', () => reject(new PharosError('BadRequest', 'Too many parts in a form')));
      parser.on('finish', resolve);
      parser.on('error', reject);
      source.on('error', reject);
      source.pipe(parser);
    });
    await turn;
  } catch (cause) {
    throw malformed(cause);
  } finally {
    source.unpipe(parser);
    source.destroy();
  }
}
