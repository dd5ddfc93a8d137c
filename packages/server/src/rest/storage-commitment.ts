// /modalities/{id}/storage-commitment and /storage-commitment/{id}: asking a modality whether it keeps what was sent, and its report.
import { generateUid } from '@pharos/dicom';
import { type Json, json, type RequestBody, routeFor, Type } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { ResourceRef } from '../ports/index.ts';
import {
  type CommitmentReference,
  type CommitmentReport,
  instancesOf,
  requestCommitment,
} from '../services/commitment/index.ts';
import { deleteResources } from '../services/deletion/index.ts';
import type { Services } from '../services/index.ts';
import { inTurns } from '../services/read/index.ts';
import { outgoingInstance, selectInstances } from '../services/selection/index.ts';
import { modalityNamed, remoteOf } from './remote-modality.ts';
import { isMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';

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

/** A pair, or an object with both UIDs. @throws PharosError BadFileFormat, ParameterOutOfRange */
function referenceOf(value: unknown): CommitmentReference {
  const [sopClassUid, sopInstanceUid, ...rest] = Array.isArray(value)
    ? value
    : isMembers(value)
      ? [value.SOPClassUID, value.SOPInstanceUID]
      : [];
  if (typeof sopClassUid !== 'string' || typeof sopInstanceUid !== 'string' || rest.length > 0) {
    throw new PharosError(
      'BadFileFormat',
      'Each of "DicomInstances" is [SOP class UID, SOP instance UID] or an object',
    );
  }
  if (sopClassUid && sopInstanceUid) return { sopClassUid, sopInstanceUid };
  throw new PharosError('ParameterOutOfRange', 'UIDs in "DicomInstances" must not be empty');
}

/** @throws PharosError BadFileFormat, UnknownResource */
async function referencesOf(members: JsonMembers, services: Services): Promise<readonly CommitmentReference[]> {
  const member = memberReader(members, 'BadFileFormat');
  const references = (member.list('DicomInstances') ?? []).map(referenceOf);
  const { instances } = await selectInstances(services, member.texts('Resources') ?? []);
  for await (const id of inTurns(instances)) {
    const instance = await outgoingInstance(services, id);
    if (instance) references.push(instance);
  }
  const keyOf = ({ sopClassUid, sopInstanceUid }: CommitmentReference) => `${sopClassUid}\\${sopInstanceUid}`;
  const unique = new Map(references.map((reference) => [keyOf(reference), reference]));
  if (unique.size > 0) return [...unique.values()];
  throw new PharosError('BadFileFormat', 'The body must name instances: "Resources" or "DicomInstances"');
}

/** @throws PharosError InexistentItem */
function reportOf({ commitments }: Services, transactionUid: string): CommitmentReport {
  const report = commitments.get(transactionUid);
  if (report) return report;
  const details = `No storage commitment transaction with UID: ${transactionUid.slice(0, 64)}`;
  throw new PharosError('InexistentItem', details);
}

/** The members of a JSON body. @throws PharosError BadFileFormat where it is no object */
async function membersOf(body: RequestBody): Promise<JsonMembers> {
  const value = await body.json();
  if (isMembers(value)) return value;
  throw new PharosError('BadFileFormat', 'The body must be a JSON object with "Resources" or "DicomInstances"');
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
      const members = await membersOf(body);
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
      const instances: ResourceRef[] = [];
      for await (const { sopInstanceUid } of inTurns(committed)) {
        instances.push(...(await instancesOf(services, sopInstanceUid)));
      }
      await deleteResources(services, instances);
      return json({});
    },
  }),
];
