// /modalities/{id}/store and store-straight: C-STORE to a modality, of what is stored here or of the body.
import { generateUid } from '@pharos/dicom';
import { json, routeFor, Type } from '../http/index.ts';
import { PharosError, type Settings } from '../model/index.ts';
import type { MoveOriginator } from '../ports/index.ts';
import type { Services } from '../services/index.ts';
import { selectInstances } from '../services/selection/index.ts';
import { createModalityStoreJob, logExports } from '../services/transfer/index.ts';
import { jobFields, jobOptionsOf, submissionReply } from './jobs-submission.ts';
import { modalityNamed, remoteOf } from './remote-modality.ts';
import { type JsonMembers, memberReader } from './shapes/json-body.ts';
import { resourceListOf } from './shapes/resource-list.ts';

const route = routeFor<Services>();
const tag = 'Modalities';

const largestMessageId = 0xffff;

/** undefined: nobody's. @throws PharosError BadFileFormat */
function originatorOf(members: JsonMembers, { DicomAet }: Pick<Settings, 'DicomAet'>): MoveOriginator | undefined {
  const member = memberReader(members, 'BadFileFormat');
  const messageId = member.count('MoveOriginatorID') ?? 0;
  const aet = member.text('MoveOriginatorAet') ?? DicomAet;
  if (messageId === 0) return undefined;
  if (messageId <= largestMessageId) return { aet, messageId };
  throw new PharosError('ParameterOutOfRange', `Field "MoveOriginatorID" must be at most ${largestMessageId}`);
}

const storeRoute = route({
  method: 'POST',
  path: '/modalities/:id/store',
  summary: 'C-STORE of resources to a modality, as a job: an identifier, an array, or an object with Resources',
  tag,
  body: Type.Object({
    ...jobFields,
    Resources: Type.Array(Type.String()),
    CalledAet: Type.Optional(Type.String()),
    Host: Type.Optional(Type.String()),
    LocalAet: Type.Optional(Type.String()),
    MoveOriginatorAet: Type.Optional(Type.String()),
    MoveOriginatorID: Type.Optional(Type.Integer()),
    Port: Type.Optional(Type.Integer()),
    StorageCommitment: Type.Optional(Type.Boolean()),
    Timeout: Type.Optional(Type.Integer()),
  }),
  reply: Type.Record(Type.String(), Type.Unknown()),
  async handler({ params, body }, services) {
    const { settings } = services;
    const modality = modalityNamed(services, params.id);
    const { ids, members } = await resourceListOf(body);
    const options = jobOptionsOf(members);
    const remote = remoteOf(modality, members, settings);
    const moveOriginator = originatorOf(members, settings);
    const isCommitted = memberReader(members, 'BadFileFormat').boolean('StorageCommitment') ?? false;
    const { resources, instances } = await selectInstances(services, ids);
    await logExports(services, resources, params.id);
    const job = createModalityStoreJob(services, {
      description: 'REST API',
      instances,
      parents: resources.map(({ id }) => id),
      resources,
      permissive: options.permissive,
      remote,
      moveOriginator,
      ...(isCommitted && { commitment: generateUid() }),
    });
    return submissionReply(services, job, options);
  },
});

const storeStraight = route({
  method: 'POST',
  path: '/modalities/:id/store-straight',
  summary: 'C-STORE of the DICOM file in the body, which is not kept here',
  tag,
  reply: Type.Object({ SOPClassUID: Type.String(), SOPInstanceUID: Type.String() }),
  handler: async ({ params, body }, services) => {
    const remote = remoteOf(modalityNamed(services, params.id), {}, services.settings);
    const { sopClassUid, sopInstanceUid } = await services.network.store(remote, body.stream());
    return json({ SOPClassUID: sopClassUid, SOPInstanceUID: sopInstanceUid });
  },
});

export const modalityStoreRoutes = [storeRoute, storeStraight];
