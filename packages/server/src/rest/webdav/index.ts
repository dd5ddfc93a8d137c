// WebDAV (RFC 4918): what is stored as folders of a network drive, and a folder whose files are stored. Locks lock nothing, and
// properties are not kept: file explorers only want to hear that all went well.
import { randomUUID } from 'node:crypto';
import {
  bytes,
  type Reply,
  type Route,
  type RouteRequest,
  routeFor,
  stream,
  text,
  type Verb,
} from '../../http/index.ts';
import { PharosError } from '../../model/index.ts';
import type { Services } from '../../services/index.ts';
import { storeUpload } from '../../services/ingest/index.ts';
import { bareReply } from '../shapes/content-reply.ts';
import { lockDocument, patchedDocument, propertiesDocument } from './multistatus.ts';
import { type DavFolder, type DavNode, nodeAt } from './nodes.ts';
import { rootFolder } from './resource-nodes.ts';
import { uploadFolder } from './upload-nodes.ts';

const route = routeFor<Services>();

type Request = RouteRequest<{ readonly rest: string }, unknown>;

/** Compliance classes and verbs (RFC 4918 18). */
const abilities = {
  DAV: '1,2',
  Allow: 'GET, PUT, DELETE, OPTIONS, PROPFIND, HEAD, LOCK, UNLOCK, PROPPATCH, MKCOL',
};
const xmlMime = 'application/xml; charset=UTF-8';
const uploadsName = 'uploads';

const pathOf = ({ params: { rest } }: Request): readonly string[] => rest.split('/').filter((name) => name !== '');

function uploadsOf({ settings, uploadFolders, clock }: Services): DavFolder | undefined {
  return settings.WebDavUploadAllowed ? uploadFolder(uploadFolders, [], clock.now()) : undefined;
}

const find = (services: Services, path: readonly string[]): Promise<DavNode | undefined> =>
  nodeAt(rootFolder(services, uploadsOf(services)), path);

/** A path below `uploads`, where uploads are allowed. */
function uploadPathOf({ settings }: Services, path: readonly string[]): readonly string[] | undefined {
  const [top, ...below] = path;
  if (!settings.WebDavUploadAllowed || top !== uploadsName || below.length === 0) return undefined;
  // Control characters have no place in XML, where folders are listed.
  return below.some((name) => /\p{Cc}/u.test(name)) ? undefined : below;
}

/** @throws PharosError NetworkProtocol */
function depthOf(depth: unknown): 0 | 1 {
  if (depth === '0') return 0;
  if (depth === '1') return 1;
  if (depth === undefined) throw new PharosError('NetworkProtocol', 'WebDAV PROPFIND needs the header Depth: 0 or 1');
  throw new PharosError('NetworkProtocol', 'The depth of a WebDAV PROPFIND can only be 0 or 1');
}

async function propFind(request: Request, services: Services): Promise<Reply> {
  const depth = depthOf(request.headers.depth);
  const path = pathOf(request);
  const node = await find(services, path);
  return node ? stream(propertiesDocument(node, path, depth === 1), xmlMime, undefined, {}, 207) : bareReply(404);
}

const lastModified = ({ modified }: DavNode) => ({ 'Last-Modified': modified.toUTCString() });

async function get(request: Request, services: Services): Promise<Reply> {
  const node = await find(services, pathOf(request));
  if (node?.kind !== 'file') return bareReply(404);
  const reply = await node.open();
  return 'headers' in reply ? { ...reply, headers: { ...reply.headers, ...lastModified(node) } } : reply;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function head(request: Request, services: Services): Promise<Reply> {
  const node = await find(services, pathOf(request));
  return node?.kind === 'file' ? stream(nothing(), node.mime, node.length, lastModified(node)) : bareReply(404);
}

/** File explorers also put files that are no images, and empty ones before their content: those are passed over. */
async function put(request: Request, services: Services): Promise<Reply> {
  const path = uploadPathOf(services, pathOf(request));
  if (!path || !services.uploadFolders.has(path.slice(0, -1))) return bareReply(403);
  if (request.body.length === 0) return bareReply(201);
  const { body: content, remoteIp, username } = request;
  const origin = { origin: 'WebDav', remoteIp, httpUsername: username ?? '' } as const;
  try {
    await storeUpload(services, { content, origin, isGzip: false });
  } catch (error) {
    if (!(error instanceof PharosError && error.code === 'BadFileFormat')) throw error;
    services.log.of('http').warn('A file that came by WebDAV is not stored: it is neither DICOM nor a ZIP archive');
  }
  return bareReply(201);
}

function makeFolder(request: Request, services: Services): Reply {
  const path = uploadPathOf(services, pathOf(request));
  return bareReply(path && services.uploadFolders.make(path) ? 201 : 403);
}

async function remove(request: Request, services: Services): Promise<Reply> {
  const path = pathOf(request);
  if (!services.settings.WebDavDeleteAllowed) return bareReply(403);
  const node = await find(services, path);
  // A folder goes with the last instance in it, before a client that deletes a tree comes to delete it.
  if (!node) return bareReply(path.length > 1 ? 204 : 403);
  if (!node.remove) return bareReply(403);
  await node.remove();
  return bareReply(204);
}

function lock(request: Request): Reply {
  const token = `opaquelocktoken:${randomUUID()}`;
  const body = Buffer.from(lockDocument(pathOf(request), token), 'utf8');
  return bytes(body, xmlMime, { 'Lock-Token': `<${token}>` }, 201);
}

interface Answer {
  readonly method: Verb;
  readonly summary: string;
  readonly reply: string;
  readonly writes?: boolean;
  readonly handler: (request: Request, services: Services) => Reply | Promise<Reply>;
}

const answers: readonly Answer[] = [
  { method: 'OPTIONS', summary: 'What WebDAV can do', reply: 'text/plain', handler: () => text('', abilities) },
  { method: 'PROPFIND', summary: 'A folder with what is in it, or a file', reply: xmlMime, handler: propFind },
  { method: 'GET', summary: 'A file of the WebDAV tree', reply: 'application/octet-stream', handler: get },
  { method: 'HEAD', summary: 'Whether there is a file', reply: 'application/octet-stream', handler: head },
  { method: 'PUT', summary: 'Store a DICOM file or a ZIP archive', reply: 'text/plain', writes: true, handler: put },
  { method: 'MKCOL', summary: 'Make a folder below uploads', reply: 'text/plain', writes: true, handler: makeFolder },
  { method: 'DELETE', summary: 'Delete what is shown there', reply: 'text/plain', writes: true, handler: remove },
  {
    method: 'PROPPATCH',
    summary: 'Accepts properties, and keeps none',
    reply: xmlMime,
    handler: (request) => stream(patchedDocument(pathOf(request)), xmlMime, undefined, {}, 207),
  },
  { method: 'LOCK', summary: 'Grants a lock that locks nothing', reply: xmlMime, handler: lock },
  { method: 'UNLOCK', summary: 'Takes such a lock back', reply: 'text/plain', handler: () => bareReply(204) },
];

export const webDavRoutes: readonly Route<Services>[] = answers.map((answer) =>
  route({ ...answer, path: '/webdav/*', tag: 'WebDAV' }),
);
