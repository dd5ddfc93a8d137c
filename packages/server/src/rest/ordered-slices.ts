// The slices of a series in their order, as viewers ask for them: files, frames, and frames by instance.
import { type Json, json, type Reply, type Route, routeFor, stream, Type, writeJson } from '../http/index.ts';
import type { Services } from '../services/index.ts';
import { type OrderedSlices, orderSlices } from '../services/read/index.ts';
import { identifierOf } from './shapes/level-resource.ts';

const route = routeFor<Services>();

/** Up to so many frames are answered in one piece. How many there are is only what the files say of themselves. */
const framesInOnePiece = 10_000;
const framesInOnePart = 1000;

function* framePaths({ slices }: OrderedSlices): Generator<string> {
  for (const { id, frames } of slices) {
    for (let frame = 0; frame < frames; frame++) yield `/instances/${id}/frames/${frame}`;
  }
}

function slicesJson({ type, slices }: OrderedSlices, paths: readonly Json[]): Json {
  return {
    Type: type,
    Dicom: slices.map(({ id }) => `/instances/${id}/file`),
    Slices: paths,
    SlicesShort: slices.map(({ id, frames }) => [id, 0, frames]),
  };
}

/** No path is like this. */
const placeholder = '*';

/** The text of the answer, with the paths put in where they belong as they are made. */
async function* slicesText(ordered: OrderedSlices): AsyncGenerator<Uint8Array> {
  const [before = '', after = ''] = writeJson(slicesJson(ordered, [placeholder])).split(`"${placeholder}"`);
  const separator = `,${before.slice(before.lastIndexOf('\n'))}`;
  let part = before;
  let count = 0;
  for (const path of framePaths(ordered)) {
    part += count === 0 ? `"${path}"` : `${separator}"${path}"`;
    count += 1;
    if (count % framesInOnePart > 0) continue;
    yield Buffer.from(part, 'utf8');
    part = '';
  }
  yield Buffer.from(part + after, 'utf8');
}

function slicesReply(ordered: OrderedSlices): Reply {
  const frames = ordered.slices.reduce((sum, slice) => sum + slice.frames, 0);
  if (frames > framesInOnePiece) return stream(slicesText(ordered), 'application/json; charset=utf-8');
  return json(slicesJson(ordered, [...framePaths(ordered)]));
}

export const orderedSlicesRoutes: readonly Route<Services>[] = [
  route({
    method: 'GET',
    path: '/series/:id/ordered-slices',
    summary: 'Instances and frames of a series in their order in space, or by their numbers',
    tag: 'Series',
    reply: Type.Object({
      Type: Type.Union([Type.Literal('Volume'), Type.Literal('Sequence')]),
      Dicom: Type.Array(Type.String()),
      Slices: Type.Array(Type.String()),
      SlicesShort: Type.Array(Type.Array(Type.Union([Type.String(), Type.Integer()]))),
    }),
    async handler({ params }, { index }) {
      return slicesReply(await orderSlices(index, identifierOf(params.id)));
    },
  }),
];
