// /modalities/{id}/storage-commitment and /storage-commitment/{id}: asking a modality whether it keeps what was sent, and its report.
import { generateUid, Tag } from '@pharos/dicom';
import { type Json, json, routeFor, Type } from '../http/index.ts';
import { isOrthancId, PharosError } from '../model/index.ts';
import type { ResourceRef } from '../ports/index.ts';
import { type CommitmentReference, type CommitmentReport, requestCommitment } from '../services/commitment/index.ts';
import { deleteResources } from '../services/deletion/index.ts';
import type { Services } from '../services/index.ts';
import { outgoingInstance, selectInstances } from '../services/selection/index.ts';
import { modalityNamed, remoteOf } from './remote-modality.ts';
import { bodyMembers, isMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';

const route = routeFor<Services>();
const tag = 'Storage commitment';

const referenceShape = Type.Object({ SOPClassUID: Type.String(), SOPInstanceUID: Type.String() });
const reportShape = Type.Object({
  Status: Type.String(),
  RemoteAET: Type.String(),
  Success: Type.Optional(Type.Array(referenceShape)),
  Failures: Type.Optional(Type.Array(referenceShape)),
});

/** PS3.3 C.14.1.1. */
const reasons: ReadonlyMap<number, string> = new Map([
  [0x0110, 'Processing failure'],
  [0x0112, 'No such object instance'],
  [0x0213, 'Resource limitation'],
  [0x0122, 'Referenced SOP class not supported'],
  [0x0119, 'Class / Instance conflict'],
  [0x0131, 'Duplicate transaction UID'],
]);

const referenceJson = ({ sopClassUid, sopInstanceUid }: CommitmentReference) => ({
  SOPClassUID: sopClassUid,
  SOPInstanceUID: sopInstanceUid,
});

function reportJson({ status, remoteAet, committed, failed }: CommitmentReport): Json {
  if (status === 'Pending') return { Status: status, RemoteAET: remoteAet };
  return {
    Status: status,
    RemoteAET: remoteAet,
    Success: committed.map(referenceJson),
    Failures: failed.map((reference) => ({
      ...referenceJson(reference),
      FailureReason: reference.reason,
      Description: reasons.get(reference.reason) ?? 'Unknown failure reason',
    })),
  };
}

/** A pair, or an object with both UIDs. @throws PharosError BadFileFormat */
function referenceOf(value: unknown): CommitmentReference {
  const [sopClassUid, sopInstanceUid, ...rest] = Array.isArray(value)
    ? value
    : isMembers(value)
      ? [value.SOPClassUID, value.SOPInstanceUID]
      : [];
  if (typeof sopClassUid === 'string' && typeof sopInstanceUid === 'string' && rest.length === 0) {
    return { sopClassUid, sopInstanceUid };
  }
  throw new PharosError('BadFileFormat', 'Each of "DicomInstances" is [SOP class UID, SOP instance UID], or an object');
}

/** @throws PharosError BadFileFormat, UnknownResource */
async function referencesOf(members: JsonMembers, services: Services): Promise<readonly CommitmentReference[]> {
  const member = memberReader(members, 'BadFileFormat');
  const references = (member.list('DicomInstances') ?? []).map(referenceOf);
  const names = member.texts('Resources') ?? [];
  if (!names.every(isOrthancId)) throw new PharosError('BadFileFormat', '"Resources" must be identifiers');
  const { instances } = await selectInstances(services, names);
  for (const id of instances) {
    const instance = await outgoingInstance(services, id);
    if (instance) references.push(instance);
  }
  const unique = new Map(references.map((reference) => [reference.sopInstanceUid, reference]));
  if (unique.size > 0) return [...unique.values()];
  throw new PharosError('BadFileFormat', 'The body must name instances: "Resources" or "DicomInstances"');
}

/** @throws PharosError UnknownResource */
function reportOf({ commitments }: Services, transactionUid: string): CommitmentReport {
  const report = commitments.get(transactionUid);
  if (report) return report;
  throw new PharosError(
    'InexistentItem',
    'No such storage commitment: it was never asked for, or newer ones took its place',
  );
}

async function instanceOf(
  { index }: Services,
  { sopInstanceUid }: CommitmentReference,
): Promise<readonly ResourceRef[]> {
  const match = { kind: 'equal', value: sopInstanceUid } as const;
  const term = { tag: Tag.SOPInstanceUID, level: 'Instance', match, caseSensitive: true } as const;
  const found: ResourceRef[] = [];
  for await (const batch of index.find({ level: 'Instance', terms: [term] }, {})) found.push(...batch);
  return found;
}

export const storageCommitmentRoutes = [
  route({
    method: 'POST',
    path: '/modalities/:id/storage-commitment',
    summary: 'Asks a modality to commit itself to the storage of instances',
    tag,
    body: Type.Object({
      Resources: Type.Optional(Type.Array(Type.String())),
      DicomInstances: Type.Optional(Type.Array(Type.Unknown())),
      Timeout: Type.Optional(Type.Integer()),
    }),
    reply: Type.Object({ ID: Type.String(), Path: Type.String() }),
    async handler({ params, body }, services) {
      const modality = modalityNamed(services, params.id);
      const members = bodyMembers(await body.json());
      const remote = remoteOf(modality, { Timeout: members.Timeout ?? 0 }, services.settings);
      const references = await referencesOf(members, services);
      const transactionUid = generateUid();
      const { network, commitments: reports } = services;
      await requestCommitment({ network, reports }, remote, transactionUid, references);
      return json({ ID: transactionUid, Path: `/storage-commitment/${transactionUid}` });
    },
  }),
  route({
    method: 'GET',
    path: '/storage-commitment/:id',
    summary: 'What became of a storage commitment',
    tag,
    reply: reportShape,
    handler: ({ params }, services) => json(reportJson(reportOf(services, params.id))),
  }),
  route({
    method: 'POST',
    path: '/storage-commitment/:id/remove',
    summary: 'Deletes the instances for which a modality has taken over the responsibility',
    tag,
    reply: 'application/json',
    writes: true,
    async handler({ params }, services) {
      const { status, committed } = reportOf(services, params.id);
      if (status !== 'Success') {
        throw new PharosError('BadSequenceOfCalls', 'Only instances that are all committed can be deleted');
      }
      for (const reference of committed) await deleteResources(services, await instanceOf(services, reference));
      return json({});
    },
  }),
];
