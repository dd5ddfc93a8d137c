// Puts a reply on the wire: small ones as one write with their length, large ones in pieces with back-pressure.
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import type { AnswerGate } from './answer-gate.ts';
import { writeJsonElements, writeJsonPieces } from './json-text.ts';
import type { Headers, Json, Reply } from './reply.ts';
import type { Method } from './route.ts';
import { giveTextBlock, takeTextBlock, textBlockBytes } from './text-blocks.ts';
import { writeXml } from './xml-text.ts';

export interface ReplyContext {
  readonly method: Method;
  readonly asXml: boolean;
  /** What HttpCompressionEnabled and Accept-Encoding agree on. */
  readonly encoding: 'gzip' | 'deflate' | undefined;
  readonly answerGate: AnswerGate;
}

const jsonMime = 'application/json; charset=utf-8';
const xmlMime = 'application/xml; charset=utf-8';
const compressible = /^(?:text\/|application\/(?:json|javascript|xml|dicom\+json|dicom\+xml|openapi))/;
const smallestCompressed = 2048;
const largestUnstreamed = 256 * 1024;
/** Texts from this length on are written into memory of our own. */
const largeText = 16 * 1024;

const isNotAscii = /[^ -~]/;
/** Bytes of which the copying takes longer than to wake up a client. */
const largeBody = 32 * 1024;

const compress = { gzip: promisify(gzip), deflate: promisify(deflate) };

function head(response: ServerResponse, status: number, mime: string | undefined, headers: Headers): void {
  const lines: string[] = [];
  if (mime !== undefined) lines.push('Content-Type', mime);
  for (const name in headers) lines.push(name, headers[name] ?? '');
  lines.push('X-Content-Type-Options', 'nosniff');
  response.writeHead(status, lines);
}

interface Content {
  /** Bytes, or ASCII text: a short text goes out in one write with the head. */
  readonly body: Uint8Array | string;
  readonly mime: string | undefined;
  readonly status: number;
  readonly headers: Headers;
}

async function sendContent(response: ServerResponse, content: Content, context: ReplyContext): Promise<void> {
  const { mime, status } = content;
  const isLarge = content.body.length >= smallestCompressed;
  const encoding = isLarge && compressible.test(mime ?? '') ? context.encoding : undefined;
  const body = encoding ? await compress[encoding](content.body) : content.body;
  const encoded: Headers = encoding ? { 'Content-Encoding': encoding } : {};
  head(response, status, mime, { ...content.headers, ...encoded, 'Content-Length': String(body.length) });
  if (typeof body !== 'string' && body.length >= largeBody) return sendLarge(response, { ...content, body }, context);
  const send = (): void => {
    if (typeof body === 'string') response.end(body, 'latin1');
    else response.end(body);
  };
  // Answers to uploads become ready together as it is, those of one commit; what else is not GET is seldom asked by many at once.
  if (context.method === 'GET') context.answerGate.pass(send);
  else send();
}

function sendLarge(response: ServerResponse, { body, headers }: Content, { answerGate }: ReplyContext): void {
  // Node sends a head on its own as UTF-8, one with a body as the bytes that it is made of.
  if (answerGate.sendsHeadFirst && !Object.values(headers).some((value) => isNotAscii.test(value)))
    response.flushHeaders();
  response.end(body);
}

/** ASCII text. */
interface Text {
  readonly pieces: readonly string[];
  readonly length: number;
}

function textOf(pieces: readonly string[]): Text {
  return { pieces, length: pieces.reduce((sum, { length }) => sum + length, 0) };
}

/** A JSON text with its length. */
async function sendText(
  response: ServerResponse,
  { pieces, length }: Text,
  { status, headers }: Pick<Content, 'status' | 'headers'>,
  context: ReplyContext,
): Promise<void> {
  if (length < largeText || context.encoding) {
    return sendContent(response, { body: pieces.join(''), mime: jsonMime, status, headers }, context);
  }
  head(response, status, jsonMime, { ...headers, 'Content-Length': String(length) });
  await writeText(response, pieces);
  response.end();
}

/** Writes ASCII text by way of a block. */
async function writeText(response: ServerResponse, pieces: readonly string[]): Promise<void> {
  const block = takeTextBlock();
  let filled = 0;
  for (const piece of pieces) {
    if (filled > 0 && filled + piece.length > textBlockBytes) {
      await written(response, block.subarray(0, filled));
      filled = 0;
    }
    if (piece.length > textBlockBytes) await written(response, piece);
    else filled += block.write(piece, filled, 'latin1');
  }
  if (filled > 0) await written(response, block.subarray(0, filled));
  giveTextBlock(block);
}

function sendValue(
  response: ServerResponse,
  reply: Reply & { readonly kind: 'json' },
  context: ReplyContext,
): Promise<void> {
  const { status, headers, value } = reply;
  if (!context.asXml) return sendText(response, textOf(writeJsonPieces(value)), { status, headers }, context);
  return sendContent(response, { body: Buffer.from(writeXml(value), 'utf8'), mime: xmlMime, status, headers }, context);
}

/** Resolves when nobody needs the bytes any more: they are with the system, or the client went away. */
function written(response: ServerResponse, chunk: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done);
    // With the head, where that is not on its way yet.
    response.cork();
    response.write(chunk, done);
    response.uncork();
  });
}

/** Writes what comes, piece by piece; stops taking where the client went away. @throws what the source throws */
async function pump(response: ServerResponse, source: AsyncIterable<Uint8Array | string>): Promise<void> {
  for await (const chunk of source) {
    if (response.destroyed) return;
    await written(response, chunk);
  }
  response.end();
}

async function sendStream(response: ServerResponse, reply: Reply & { readonly kind: 'stream' }): Promise<void> {
  const iterator = reply.body[Symbol.asyncIterator]();
  const abandon = (): void => reply.abandon?.();
  response.once('close', abandon);
  const first = await iterator.next().finally(() => response.off('close', abandon));
  const length: Headers = reply.length === undefined ? {} : { 'Content-Length': String(reply.length) };
  head(response, reply.status, reply.mime, { ...reply.headers, ...length });
  await pump(response, resumed(first, iterator));
}

/** An iteration of which the first step was taken already. */
async function* resumed<T>(first: IteratorResult<T>, iterator: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    for (let step = first; !step.done; step = await iterator.next()) yield step.value;
  } finally {
    await iterator.return?.();
  }
}

async function* arrayText(batches: AsyncIterable<readonly Json[]>): AsyncGenerator<Text> {
  let separator = '[\n';
  let held: string[] = [];
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    held.push(separator, ...writeJsonElements(batch));
    separator = ',\n';
    const text = textOf(held);
    if (text.length < largestUnstreamed) continue;
    yield text;
    held = [];
  }
  held.push(separator === ',\n' ? '\n]' : '[]');
  yield textOf(held);
}

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const batch of batches) for (const value of batch) all.push(value);
  return all;
}

async function sendArray(
  response: ServerResponse,
  reply: Reply & { readonly kind: 'json-array' },
  context: ReplyContext,
): Promise<void> {
  const { headers } = reply;
  if (context.asXml) {
    const value = await collect(reply.values);
    return sendValue(response, { kind: 'json', value, status: 200, headers }, context);
  }
  const pieces = arrayText(reply.values);
  const first = await pieces.next();
  const second = first.done ? first : await pieces.next();
  if (second.done) {
    const text = first.done ? textOf(['[]']) : first.value;
    return sendText(response, text, { status: 200, headers }, context);
  }
  head(response, 200, jsonMime, headers);
  if (!first.done) await writeText(response, first.value.pieces);
  for await (const { pieces: more } of resumed(second, pieces)) {
    if (response.destroyed) return;
    await writeText(response, more);
  }
  response.end();
}

const nothing = Buffer.alloc(0);

/** An answer without body and type, such as Orthanc's 404 of a handler that does not answer. */
export function bare(status: number, headers: Headers = {}): Reply {
  return { kind: 'bytes', body: nothing, mime: '', status, headers };
}

/** @throws what the source of a streamed reply throws; when the head was sent already, the connection has to be cut */
export async function sendReply(response: ServerResponse, reply: Reply, context: ReplyContext): Promise<void> {
  switch (reply.kind) {
    case 'json':
      return sendValue(response, reply, context);
    case 'json-array':
      return sendArray(response, reply, context);
    case 'bytes':
      return sendContent(response, { ...reply, mime: reply.mime === '' ? undefined : reply.mime }, context);
    case 'stream':
      return sendStream(response, reply);
    case 'redirect':
      return sendReply(response, bare(307, { Location: reply.location }), context);
    case 'unanswered':
      return sendReply(response, bare(context.method === 'POST' ? 400 : 404), context);
  }
}
