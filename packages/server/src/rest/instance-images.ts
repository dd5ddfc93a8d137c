// Stored images as pictures: stretched, rendered, with their values as they are; and as numbers for programs.
import {
  bytes,
  type Headers,
  query,
  type Reply,
  type Route,
  type RouteRequest,
  redirect,
  routeFor,
  stream,
  unanswered,
} from '../http/index.ts';
import { type OrthancId, PharosError } from '../model/index.ts';
import type { FrameArray, PictureOptions, Services } from '../services/index.ts';
import { orderSlices } from '../services/read/index.ts';
import { type Compressor, zipStream } from '../zip/index.ts';
import { bareReply } from './shapes/content-reply.ts';
import { identifierOf } from './shapes/level-resource.ts';
import { isTrue, numberOf, sideOf } from './shapes/picture-arguments.ts';
import { pictureTypeOf } from './shapes/picture-type.ts';

const route = routeFor<Services>();

const tag = 'Instances';
const unsupportedImage = 'app/images/unsupported.png';

/* ---- pictures ---- */

const pictureQuery = {
  quality: query.text('Quality of JPEG and WebP, 1 to 100 (90)'),
  returnUnsupportedImage: query.text('Present: a placeholder is shown where the image cannot be'),
};

const renderedQuery = {
  ...pictureQuery,
  'window-center': query.text('Middle of the window, instead of that of the image'),
  'window-width': query.text('Width of the window, instead of that of the image'),
  width: query.text('Columns at most; the sides keep their proportion'),
  height: query.text('Rows at most'),
  smooth: query.text('Whether the image is smoothed before it is made smaller'),
};

type Asked = Readonly<Partial<Record<keyof typeof renderedQuery, string>>>;

/** @throws PharosError UnsupportedMediaType for a quality that is none, whether it is of use or not */
function qualityOf(text: string | undefined): number {
  if (text === undefined) return 90;
  const quality = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (quality >= 1 && quality <= 100) return quality;
  throw new PharosError('UnsupportedMediaType', 'The quality is a number from 1 to 100');
}

type ViewKind = PictureOptions['view']['kind'];

/** @throws PharosError ParameterOutOfRange, UnsupportedMediaType */
function viewOf(kind: ViewKind, asked: Asked): PictureOptions['view'] {
  if (kind !== 'rendered') return { kind };
  return {
    kind,
    center: numberOf(asked['window-center']),
    width: numberOf(asked['window-width']),
    size: { width: sideOf(asked.width), height: sideOf(asked.height) },
    isSmooth: asked.smooth !== undefined && isTrue(asked.smooth),
  };
}

/** 16 bits do not go into these. */
const has16Bits = (kind: ViewKind): boolean => kind === 'uint16' || kind === 'int16';

/** Errors of what was asked are 404, those of the image 415, both without a body. */
function failure(error: unknown, asked: Asked, depth: number): Reply {
  if (!(error instanceof PharosError)) throw error;
  if (error.code === 'ParameterOutOfRange' || error.code === 'UnknownResource') return unanswered;
  const wanted = asked.returnUnsupportedImage;
  const isWanted = wanted !== undefined && wanted.toLowerCase() !== 'false' && wanted !== '0';
  return isWanted ? redirect('../'.repeat(depth) + unsupportedImage) : bareReply(415);
}

type PictureRequest = RouteRequest<{ readonly id: string; readonly frame?: string }, Asked>;

async function pictureReply(kind: ViewKind, request: PictureRequest, { renderer }: Services): Promise<Reply> {
  const { params, query: asked, headers, isAbandoned } = request;
  const frame = params.frame ?? '0';
  if (!/^\d{1,10}$/.test(frame)) return unanswered;
  const type = pictureTypeOf(headers.accept);
  if (!type || (has16Bits(kind) && (type === 'image/jpeg' || type === 'image/webp'))) return unanswered;
  const options: PictureOptions = { view: viewOf(kind, asked), type, quality: qualityOf(asked.quality) };
  const picture = await renderer.picture(identifierOf(params.id), Number(frame), options);
  if (!picture) return unanswered;
  const caching: Headers = { ETag: `"${picture.tag}"`, 'Cache-Control': 'private, no-cache', Vary: 'Accept' };
  if (headers['if-none-match']?.includes(caching.ETag ?? '')) return bareReply(304, caching);
  return bytes(await picture.bytes(isAbandoned), type, caching);
}

function pictureRoutes(name: string, kind: ViewKind, summary: string): readonly Route<Services>[] {
  const spec = kind === 'rendered' ? renderedQuery : pictureQuery;
  const answer = (request: PictureRequest, services: Services, depth: number): Promise<Reply> =>
    pictureReply(kind, request, services).catch((error: unknown) => failure(error, request.query, depth));
  const shared = { method: 'GET', summary, tag, query: spec, reply: 'image/png' } as const;
  return [
    route({
      ...shared,
      path: `/instances/:id/${name}`,
      handler: (request: PictureRequest, services) => answer(request, services, 2),
    }),
    route({
      ...shared,
      path: `/instances/:id/frames/:frame/${name}`,
      handler: (request: PictureRequest, services) => answer(request, services, 4),
    }),
  ];
}

/* ---- numbers ---- */

const arrayQuery = {
  compress: query.boolean('As a ZIP archive (.npz)', false),
  rescale: query.boolean('Grey values with rescale slope and intercept, as floating-point numbers', true),
};

const octets = 'application/octet-stream';
const nameInArchive = 'arr_0';
const compressionLevel = 6;

function arrayReply(array: FrameArray | undefined, isCompressed: boolean, compressor: Compressor): Reply {
  if (!array) throw new PharosError('UnknownResource');
  if (!isCompressed) return stream(array.stream(), octets, array.length);
  const { length, stream: content } = array;
  const entry = { name: nameInArchive, modified: new Date(), level: compressionLevel, length, content };
  return stream(zipStream([entry], { compressor }), octets);
}

const arrayShared = { method: 'GET', query: arrayQuery, reply: octets } as const;

const instanceArrayRoute = route({
  ...arrayShared,
  path: '/instances/:id/numpy',
  summary: 'All frames as an array of NumPy: frame, row, column, channel',
  tag,
  async handler({ params, query: asked }, { renderer, compressor }) {
    return arrayReply(await renderer.array([identifierOf(params.id)], asked.rescale), asked.compress, compressor);
  },
});

const frameArrayRoute = route({
  ...arrayShared,
  path: '/instances/:id/frames/:frame/numpy',
  summary: 'A frame as an array of NumPy: row, column, channel',
  tag,
  async handler({ params, query: asked }, { renderer, compressor }) {
    if (!/^\d{1,10}$/.test(params.frame)) throw new PharosError('ParameterOutOfRange', 'A frame is a whole number');
    const array = await renderer.frameArray(identifierOf(params.id), Number(params.frame), asked.rescale);
    return arrayReply(array, asked.compress, compressor);
  },
});

const seriesArrayRoute = route({
  ...arrayShared,
  path: '/series/:id/numpy',
  summary: 'All frames of a series in their order in space, as an array of NumPy: frame, row, column, channel',
  tag: 'Series',
  async handler({ params, query: asked }, { renderer, index, compressor }) {
    const { slices } = await orderSlices(index, identifierOf(params.id));
    const ids = slices.map(({ id }) => id);
    return arrayReply(await renderer.array(ids, asked.rescale), asked.compress, compressor);
  },
});

async function matlabReply({ renderer }: Services, id: OrthancId, frame: number): Promise<Reply> {
  const text = await renderer.matlab(id, frame);
  if (!text) throw new PharosError('UnknownResource');
  return bytes(text, 'text/plain');
}

const matlabRoutes: readonly Route<Services>[] = [
  route({
    method: 'GET',
    path: '/instances/:id/matlab',
    summary: 'The first frame as a matrix for Matlab and Octave',
    tag,
    reply: 'text/plain',
    handler: ({ params }, services) => matlabReply(services, identifierOf(params.id), 0),
  }),
  route({
    method: 'GET',
    path: '/instances/:id/frames/:frame/matlab',
    summary: 'A frame as a matrix for Matlab and Octave',
    tag,
    reply: 'text/plain',
    handler: ({ params }, services) =>
      /^\d{1,10}$/.test(params.frame)
        ? matlabReply(services, identifierOf(params.id), Number(params.frame))
        : unanswered,
  }),
];

export const instanceImageRoutes: readonly Route<Services>[] = [
  ...pictureRoutes('preview', 'preview', 'A picture, from the least value in black to the greatest in white'),
  ...pictureRoutes('rendered', 'rendered', 'A picture through a window, in a size of choice'),
  ...pictureRoutes('image-uint8', 'uint8', 'A picture of the values, cut off at 0 and 255'),
  ...pictureRoutes('image-uint16', 'uint16', 'A picture of the values, cut off at 0 and 65535'),
  ...pictureRoutes('image-int16', 'int16', "A picture of the values as two's complement of 16 bits"),
  instanceArrayRoute,
  frameArrayRoute,
  seriesArrayRoute,
  ...matlabRoutes,
];
