// The body of a request, read only when a handler asks, as a whole or in the chunks that come from the socket.
import type { IncomingMessage } from 'node:http';
import { PharosError } from '../model/index.ts';
import { parseJson } from './json-text.ts';
import type { RequestBody } from './route.ts';

type Take = Parameters<RequestBody['pour']>[0];

/** A body that is held as a whole may have so many bytes; the ways that stream have the limit of the server. */
const heldBytes = 64 * 1024 * 1024;

function cutShort(cause: unknown): PharosError {
  return new PharosError('BadRequest', { details: 'The body of the request ended before its announced length', cause });
}

function announcedLength(request: IncomingMessage): number | undefined {
  const text = request.headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

async function* bounded(source: AsyncIterable<Buffer>, maximum: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maximum) throw new PharosError('BodyTooLarge');
    yield chunk;
  }
}

async function* streamRequest(request: IncomingMessage, maximum: number): AsyncGenerator<Buffer> {
  try {
    // Not destroyed where the reading ends early: the answer goes out on the same socket.
    yield* bounded(request.iterator({ destroyOnReturn: false }), maximum);
  } catch (cause) {
    throw cause instanceof PharosError ? cause : cutShort(cause);
  } finally {
    request.resume();
  }
}

/** What `streamRequest` does, by events. */
function pourRequest(request: IncomingMessage, maximum: number, take: Take): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let size = 0;
  let isWaiting = false;
  let isEnded = false;

  const settle = (done: () => void): void => {
    request.off('data', receive).off('end', end).off('error', cut).off('close', cut);
    done();
  };
  const fail = (error: unknown): void =>
    settle(() => {
      // What is left is received and dropped: a connection that stays open must be ready for the next request.
      request.resume();
      reject(error);
    });
  const cut = (cause?: unknown): void => {
    // Once all was received, the request may close while the taker still works on the last chunk.
    if (!isEnded) fail(cutShort(cause));
  };
  const end = (): void => {
    isEnded = true;
    if (!isWaiting) settle(resolve);
  };
  const proceed = (): void => {
    isWaiting = false;
    if (isEnded) settle(resolve);
    else request.resume();
  };
  const receive = (chunk: Buffer): void => {
    try {
      size += chunk.length;
      if (size > maximum) throw new PharosError('BodyTooLarge');
      const pressure = take(chunk);
      if (!pressure) return;
      isWaiting = true;
      request.pause();
      pressure.then(proceed, fail);
    } catch (error) {
      fail(error);
    }
  };

  if (request.destroyed) cut();
  else request.on('data', receive).on('end', end).on('error', cut).on('close', cut);
  return promise;
}

async function pourAll(source: AsyncIterable<Buffer>, take: Take): Promise<void> {
  for await (const chunk of source) {
    const pressure = take(chunk);
    if (pressure) await pressure;
  }
}

/** @throws PharosError BodyTooLarge beyond so many bytes */
export async function gather(source: AsyncIterable<Buffer>, maximum: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bounded(source, maximum)) chunks.push(chunk);
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

/** The body of bytes that come from what `open` gives; read once. */
export function bodyOf(
  open: () => AsyncIterable<Buffer>,
  contentType: string,
  length: number | undefined,
): RequestBody {
  const bytes = async () => {
    if (length !== undefined && length > heldBytes) throw new PharosError('BodyTooLarge');
    return gather(open(), heldBytes);
  };
  const text = async () => (await bytes()).toString('utf8');
  return {
    contentType,
    length,
    bytes,
    text,
    json: async () => parseJson(await text()),
    stream: open,
    pour: (take) => pourAll(open(), take),
  };
}

/**
 * @param maximum bytes; a longer body is refused with BodyTooLarge, before it is read where its length is announced
 * @throws PharosError BodyTooLarge
 */
export function requestBody(request: IncomingMessage, maximum: number): RequestBody {
  const length = announcedLength(request);
  if (length !== undefined && length > maximum) throw new PharosError('BodyTooLarge');
  const body = bodyOf(() => streamRequest(request, maximum), request.headers['content-type'] ?? '', length);
  return { ...body, pour: (take) => pourRequest(request, maximum, take) };
}
