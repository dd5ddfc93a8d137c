// POST /instances: DICOM files, gzipped ones and ZIP archives come in. Forms are taken apart by the http layer, which posts each
// part here.
import { type Json, json, type Reply, type RouteRequest, routeFor, Type } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import { storeUpload } from '../services/ingest/index.ts';
import { requestOrigin, StoredInstance, storedInstanceJson } from './shapes/stored-instance.ts';

const route = routeFor<Services>();

async function upload(request: RouteRequest<unknown, unknown>, services: Services): Promise<Reply> {
  if (request.body.length === 0) throw new PharosError('BadFileFormat', 'The body of the request is empty');
  const outcome = await storeUpload(services, {
    content: request.body,
    origin: requestOrigin(request),
    isGzip: request.headers['content-encoding']?.toLowerCase() === 'gzip',
  });
  const value: Json =
    outcome.kind === 'file' ? storedInstanceJson(outcome.result) : outcome.results.map(storedInstanceJson);
  return json(value);
}

export const instanceUploadRoutes = [
  route({
    method: 'POST',
    path: '/instances',
    summary: 'Upload a DICOM file, a gzipped one (Content-Encoding: gzip), a ZIP archive, or a form with such files',
    tag: 'Instances',
    reply: Type.Union([StoredInstance, Type.Array(StoredInstance)]),
    writes: true,
    handler: upload,
  }),
];
