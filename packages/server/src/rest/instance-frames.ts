// The frames of an instance as they are stored, without decoding.
import { type Json, json, jsonArray, type Route, routeFor, Type, unanswered } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { ByteSpan, InstancePixels, Services } from '../services/index.ts';
import { numberOfFrames } from '../services/read/index.ts';
import { contentReply, gzipReply } from './shapes/content-reply.ts';
import { identifierOf } from './shapes/level-resource.ts';

const route = routeFor<Services>();

const tag = 'Instances';
const framesInOneBatch = 10_000;
/** A file that says it has more is not believed. */
const maximumFrames = 10_000_000;

async function* frameBatches(frames: number): AsyncGenerator<readonly Json[]> {
  for (let first = 0; first < frames; first += framesInOneBatch) {
    yield Array.from({ length: Math.min(framesInOneBatch, frames - first) }, (_, index) => first + index);
  }
}

const framesRoute = route({
  method: 'GET',
  path: '/instances/:id/frames',
  summary: 'Indices of the frames',
  tag,
  reply: Type.Array(Type.Integer()),
  async handler({ params }, { reader }) {
    const file = await reader.header(identifierOf(params.id));
    if (!file) throw new PharosError('UnknownResource');
    const frames = numberOfFrames(file);
    if (frames > maximumFrames) throw new PharosError('BadFileFormat', 'The number of frames is not credible');
    return jsonArray(frameBatches(frames));
  },
});

/** What clients find below a frame: they look here for what they may ask. */
const frameViews: readonly string[] = [
  'image-int16',
  'image-uint16',
  'image-uint8',
  'matlab',
  'numpy',
  'preview',
  'raw',
  'raw.gz',
  'rendered',
];

const frameRoute = route({
  method: 'GET',
  path: '/instances/:id/frames/:frame',
  summary: 'What there is of a frame',
  tag,
  reply: Type.Array(Type.String()),
  handler: () => json(frameViews),
});

function inMemory(bytes: Uint8Array): ByteSpan {
  return {
    length: bytes.byteLength,
    read: async () => bytes,
    async *stream() {
      yield bytes;
    },
  };
}

/** undefined where the text is no number. */
async function frameOf(
  { reader, renderer }: Services,
  { id, frame }: { readonly id: string; readonly frame: string },
): Promise<{ readonly content: ByteSpan; readonly pixels: InstancePixels } | undefined> {
  if (!/^\d{1,10}$/.test(frame)) return undefined;
  const pixels = await reader.pixels(identifierOf(id));
  if (!pixels) throw new PharosError('UnknownResource');
  // Some scanners have pixels elsewhere, in a form that nobody else reads: these are handed out decoded.
  const samples = pixels.file.pixelData ? undefined : await renderer.samples(identifierOf(id), Number(frame));
  return { pixels, content: samples ? inMemory(samples) : await pixels.frame(Number(frame)) };
}

const rawRoute = route({
  method: 'GET',
  path: '/instances/:id/frames/:frame/raw',
  summary: 'A frame as it is stored, without decoding',
  tag,
  reply: 'application/octet-stream',
  async handler({ params }, services) {
    const frame = await frameOf(services, params);
    return frame ? contentReply(frame.content, frame.pixels.mime) : unanswered;
  },
});

const rawGzipRoute = route({
  method: 'GET',
  path: '/instances/:id/frames/:frame/raw.gz',
  summary: 'A frame as it is stored, without decoding, in gzip',
  tag,
  reply: 'application/gzip',
  async handler({ params }, services) {
    const frame = await frameOf(services, params);
    return frame ? gzipReply(frame.content) : unanswered;
  },
});

export const instanceFrameRoutes: readonly Route<Services>[] = [framesRoute, frameRoute, rawRoute, rawGzipRoute];
