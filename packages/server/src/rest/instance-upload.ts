// POST /instances: DICOM files, gzipped ones and ZIP archives come in. Forms are taken apart by the http layer, which posts each
// part here.
import { type Json, json, type Reply, type RouteRequest, routeFor, type Static, Type } from '../http/index.ts';
import { type Origin, PharosError } from '../model/index.ts';
import type { Services, StoreResult } from '../services/index.ts';
import { storeUpload } from '../services/ingest/index.ts';

const route = routeFor<Services>();

const StoredInstance = Type.Object({
  ID: Type.String(),
  Path: Type.String(),
  Status: Type.Union([Type.Literal('Success'), Type.Literal('AlreadyStored'), Type.Literal('FilteredOut')]),
  ParentPatient: Type.String(),
  ParentStudy: Type.String(),
  ParentSeries: Type.String(),
});

function shape({ status, ids }: StoreResult): Static<typeof StoredInstance> {
  return {
    ID: ids.instance,
    Path: `/instances/${ids.instance}`,
    Status: status,
    ParentPatient: ids.patient,
    ParentStudy: ids.study,
    ParentSeries: ids.series,
  };
}

function originOf({ remoteIp, username }: RouteRequest<unknown, unknown>): Origin {
  return { origin: 'RestApi', remoteIp, httpUsername: username ?? '' };
}

async function upload(request: RouteRequest<unknown, unknown>, services: Services): Promise<Reply> {
  if (request.body.length === 0) throw new PharosError('BadFileFormat', 'The body of the request is empty');
  const outcome = await storeUpload(services, {
    content: request.body,
    origin: originOf(request),
    isGzip: request.headers['content-encoding']?.toLowerCase() === 'gzip',
  });
  const value: Json = outcome.kind === 'file' ? shape(outcome.result) : outcome.results.map(shape);
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
