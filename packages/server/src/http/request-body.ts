// The body of a request, read only when a handler asks, as a whole or in the chunks that come from the socket.
import type { IncomingMessage } from 'node:http';
import { PharosError } from '../model/index.ts';
import { parseJson } from './json-text.ts';
import type { RequestBody } from './route.ts';

function announcedLength(request: IncomingMessage): number | undefined {
  const text = request.headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

async function* bounded(source: AsyncIterable<Buffer>, maximum: number): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maximum) throw new PharosError('BodyTooLarge');
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof PharosError) throw cause;
    throw new PharosError('BadRequest', {
      details: 'The body of the request ended before its announced length',
      cause,
    });
  }
}

async function gather(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

/** The body of bytes that come from `source`; read once. */
export function bodyOf(source: AsyncIterable<Buffer>, contentType: string, length: number | undefined): RequestBody {
  const bytes = () => gather(source);
  const text = async () => (await bytes()).toString('utf8');
  return {
    contentType,
    length,
    bytes,
    text,
    json: async () => parseJson(await text()),
    stream: () => source,
  };
}

/**
 * @param maximum bytes; a longer body is refused with BodyTooLarge, before it is read where its length is announced
 * @throws PharosError BodyTooLarge
 */
export function requestBody(request: IncomingMessage, maximum: number): RequestBody {
  const length = announcedLength(request);
  if (length !== undefined && length > maximum) throw new PharosError('BodyTooLarge');
  return bodyOf(bounded(request, maximum), request.headers['content-type'] ?? '', length);
}
