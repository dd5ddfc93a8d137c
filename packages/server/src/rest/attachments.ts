// Attachments of patients, studies, series and instances: files by name or number, with what is known of them. The DICOM file of an
// instance is one of them.
import {
  type Headers,
  json,
  type QuerySpec,
  type QueryValues,
  query,
  type Reply,
  type Route,
  type RouteRequest,
  routeFor,
  Type,
  text,
  unanswered,
} from '../http/index.ts';
import { type HashedAttachment, type Level, levels } from '../model/index.ts';
import type { ByteSpan, Services } from '../services/index.ts';
import { hashed, hashedIfReadable } from '../services/read/index.ts';
import { type AttachmentParams, attachmentOf } from './shapes/attachment-resource.ts';
import { contentRange, rangeOf } from './shapes/byte-range.ts';
import { bareReply, contentReply, namedAs } from './shapes/content-reply.ts';
import { levelSegments, levelTags, levelWords, resourceOf } from './shapes/level-resource.ts';
import { attachmentJson } from './shapes/resource-json.ts';
import { etagOf, isSameRevision, type Revision, revisionOf } from './shapes/revision.ts';

const route = routeFor<Services>();

const octets = 'application/octet-stream';
const notModified = 304;
const partialContent = 206;

function revisionOfAttachment({ revision, uncompressedMd5 }: HashedAttachment): Revision {
  return { revision, md5: uncompressedMd5 };
}

function listRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/attachments`,
    summary: `Attachments of a ${levelWords[level]}: names, or numbers by name`,
    tag: levelTags[level],
    query: { full: query.flag('Numbers by name instead of names') },
    reply: Type.Union([Type.Array(Type.String()), Type.Record(Type.String(), Type.Integer())]),
    async handler({ params, query: { full } }, services) {
      const { attachments } = await resourceOf(services, level, params.id, { attachments: true });
      const nameOf = services.attachmentTypes.nameOf;
      if (full) return json(Object.fromEntries(attachments.map(({ type }) => [nameOf(type), type])));
      return json(attachments.map(({ type }) => nameOf(type)));
    },
  });
}

interface Shown<Q extends QuerySpec> {
  readonly attachment: HashedAttachment;
  readonly request: RouteRequest<AttachmentParams, QueryValues<Q>>;
  readonly services: Services;
  /** ETag, for every answer. */
  readonly etag: Headers;
}

interface View<Q extends QuerySpec> {
  /** Behind the name of the attachment; '' is the attachment itself. */
  readonly segment: '' | `/${string}`;
  /** Completed with « of an attachment of a study». */
  readonly summary: string;
  readonly query?: Q;
  readonly reply: Route<Services>['reply'];
  /** Where the file is damaged, there is no answer. */
  readonly tellsMd5?: boolean;
  readonly show: (shown: Shown<Q>) => Reply | Promise<Reply>;
}

type NoQuery = Record<never, never>;

/** A route that reads one attachment; 304 where the client has it. */
function viewRoute<const Q extends QuerySpec = NoQuery>(level: Level, view: View<Q>): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/attachments/:name${view.segment}`,
    summary: `${view.summary} of an attachment of a ${levelWords[level]}`,
    tag: levelTags[level],
    query: view.query,
    reply: view.reply,
    async handler(request, services) {
      const stored = await attachmentOf(services, level, request.params);
      const attachment = await (view.tellsMd5 ? hashed : hashedIfReadable)(services, stored);
      // What cannot be read as it came can still be looked at.
      const isUnknown = stored.uncompressedMd5 === undefined && attachment.uncompressedMd5 === '';
      const current = revisionOfAttachment(attachment);
      const etag = isUnknown ? {} : etagOf(current);
      if (!isUnknown && isSameRevision(revisionOf(request.headers['if-none-match'], etag), current))
        return bareReply(notModified, etag);
      return view.show({ attachment, request, services, etag });
    },
  });
}

function operationsOf({ uncompressedMd5, compressedMd5 }: HashedAttachment): readonly string[] {
  return [
    'compress',
    'compressed-data',
    ...(compressedMd5 ? ['compressed-md5'] : []),
    'compressed-size',
    'data',
    'info',
    'is-compressed',
    ...(uncompressedMd5 ? ['md5'] : []),
    'size',
    'uncompress',
    ...(uncompressedMd5 && compressedMd5 ? ['verify-md5'] : []),
  ];
}

const filenameQuery = { filename: query.text('Name in Content-Disposition instead of the UUID') };

type DataShown = Shown<typeof filenameQuery>;

/** Some of the bytes, or all of them. */
async function dataReply({ request, attachment, services, etag }: DataShown, isStored: boolean): Promise<Reply> {
  const { range: header } = request.headers;
  const size = isStored ? attachment.compressedSize : attachment.uncompressedSize;
  const { start, end } = header === undefined ? { start: 0, end: size } : rangeOf(header, size);
  const range = header === undefined ? undefined : { start, end };
  const { blobs, reader } = services;
  const content: ByteSpan = {
    length: end - start,
    read: () => (isStored ? blobs.read(attachment.uuid, range) : reader.content(attachment, range)),
    stream: () => (isStored ? blobs.stream(attachment.uuid, range) : reader.stream(attachment, range)),
    lend: () => (isStored ? blobs.lend(attachment.uuid, range) : reader.lend(attachment, range)),
  };
  if (range) return contentReply(content, octets, { ...etag, ...contentRange(range, size) }, partialContent);
  if (isStored && attachment.compression !== 'none') return contentReply(content, octets, etag);
  const headers = { ...etag, ...namedAs(request.query.filename ?? attachment.uuid) };
  return contentReply(content, services.attachmentTypes.mimeOf(attachment.type), headers);
}

const info = Type.Object({
  Uuid: Type.String(),
  ContentType: Type.Integer(),
  UncompressedSize: Type.Integer(),
  CompressedSize: Type.Integer(),
  UncompressedMD5: Type.String(),
  CompressedMD5: Type.String(),
});

/** A route that gives one fact as text; unanswered where it is ''. */
function factRoute(
  level: Level,
  segment: `/${string}`,
  summary: string,
  fact: (of: HashedAttachment) => string,
): Route<Services> {
  return viewRoute(level, {
    segment,
    summary,
    tellsMd5: segment.endsWith('md5'),
    reply: 'text/plain',
    show: ({ attachment, etag }) => (fact(attachment) === '' ? unanswered : text(fact(attachment), etag)),
  });
}

function viewRoutes(level: Level): readonly Route<Services>[] {
  return [
    viewRoute(level, {
      segment: '',
      summary: 'Operations',
      reply: Type.Array(Type.String()),
      show: ({ attachment, etag }) => json(operationsOf(attachment), etag),
    }),
    viewRoute(level, {
      segment: '/data',
      summary: 'Content',
      query: filenameQuery,
      reply: octets,
      show: (shown) => dataReply(shown, false),
    }),
    viewRoute(level, {
      segment: '/compressed-data',
      summary: 'Content, as it is stored,',
      query: filenameQuery,
      reply: octets,
      show: (shown) => dataReply(shown, true),
    }),
    viewRoute(level, {
      segment: '/info',
      summary: 'All facts',
      reply: info,
      show: ({ attachment, etag }) => json(attachmentJson(attachment), etag),
    }),
    factRoute(level, '/size', 'Size', ({ uncompressedSize }) => String(uncompressedSize)),
    factRoute(level, '/compressed-size', 'Size, as it is stored,', ({ compressedSize }) => String(compressedSize)),
    factRoute(level, '/md5', 'MD5', ({ uncompressedMd5 }) => uncompressedMd5),
    factRoute(level, '/compressed-md5', 'MD5, as it is stored,', ({ compressedMd5 }) => compressedMd5),
    factRoute(level, '/is-compressed', '1 or 0: compression', ({ compression }) =>
      compression === 'none' ? '0' : '1',
    ),
  ];
}

export const attachmentRoutes: readonly Route<Services>[] = levels.flatMap((level) => [
  listRoute(level),
  ...viewRoutes(level),
]);
