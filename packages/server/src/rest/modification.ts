// Modification and anonymization: of an instance, whose copy is given away; of resources, whose copies are stored by a job; splitting
// and merging of studies.
import { formatTag, Tag } from '@pharos/dicom';
import { type Reply, type Route, type RouteRequest, routeFor, stream, Type } from '../http/index.ts';
import { isOrthancId, type Level, type OrthancId, PharosError, parseLevel } from '../model/index.ts';
import type { ResourceRef } from '../ports/index.ts';
import {
  checkPatientTags,
  createIdentifierMap,
  createModification,
  createModificationJob,
  editOf,
  type Modification,
  type ModificationInput,
  type ModificationRequest,
  mergeInto,
  modifiedFile,
  splitOf,
} from '../services/edit/index.ts';
import type { Services } from '../services/index.ts';
import { instancesBelow, selectInstances } from '../services/selection/index.ts';
import { jobFields, jobOptionsOf, submissionReply } from './jobs-submission.ts';
import { bodyMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';
import { identifierOf, levelSegments, levelTags, resourceOf } from './shapes/level-resource.ts';
import {
  anonymizeRequestOf,
  idsIn,
  modificationFields,
  modifyRequestOf,
  writtenFormOf,
} from './shapes/modification-body.ts';
import { requestOrigin } from './shapes/stored-instance.ts';

const route = routeFor<Services>();

type Kind = 'modify' | 'anonymize';
type Request = RouteRequest<unknown, unknown>;

const verbs = { modify: 'modified', anonymize: 'anonymized' } as const;
const anonymizationFields = {
  ...modificationFields,
  KeepPrivateTags: Type.Optional(Type.Boolean()),
  DicomVersion: Type.Optional(Type.String()),
  /** Of the profile in its current edition. */
  Options: Type.Optional(Type.Array(Type.String())),
};
const changeFields = { ...modificationFields, RemovePrivateTags: Type.Optional(Type.Boolean()) };
const fieldsOf = (kind: Kind) => (kind === 'modify' ? changeFields : anonymizationFields);

/** `Anonymized1`, `Anonymized2`: one for each request, whatever becomes of it. */
async function nextPatientName({ index }: Services): Promise<string> {
  return `Anonymized${await index.nextNumber('AnonymizationSequence')}`;
}

async function requestOf(kind: Kind, members: JsonMembers, level: Level | undefined, services: Services) {
  if (kind === 'modify') return modifyRequestOf(members, level, services);
  return anonymizeRequestOf(members, await nextPatientName(services), services);
}

/** @throws PharosError BadRequest where the body is no JSON object */
async function membersOf({ body }: Request): Promise<JsonMembers> {
  return bodyMembers(await body.json());
}

/* ---- a copy of an instance ---- */

async function copyReply(kind: Kind, id: string, request: Request, services: Services): Promise<Reply> {
  const instance = await resourceOf(services, 'Instance', id, {});
  const members = await membersOf(request);
  const modification = createModification(await requestOf(kind, members, undefined, services), services.dictionary);
  const edit = editOf(modification, { dictionary: services.dictionary, identifiers: createIdentifierMap() });
  const file = await modifiedFile(services, instance.id, edit, writtenFormOf(members));
  if (!file) throw new PharosError('UnknownResource');
  return stream(file.stream(), 'application/dicom', file.length);
}

/* ---- jobs ---- */

/** @throws PharosError BadRequest where files would take the place of their sources, which are to go */
function checkInPlace(
  { kept, replaced, uids, level }: Modification,
  keepsSource: boolean,
  { settings }: Services,
): void {
  const isInPlace =
    (level === 'Study' || level === 'Patient') &&
    !replaced.has(Tag.PatientID) &&
    !uids.has(Tag.PatientID) &&
    [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID].every((tag) => kept.has(tag));
  if (!isInPlace) return;
  const what = 'When keeping StudyInstanceUID, SeriesInstanceUID and SOPInstanceUID';
  if (!keepsSource) {
    throw new PharosError(
      'BadRequest',
      `${what}, set "KeepSource" to true: the modified files are in the place of the sources`,
    );
  }
  if (settings.OverwriteInstances === 'Never') {
    throw new PharosError(
      'BadRequest',
      `${what}, set the option "OverwriteInstances" to true: the files are to be replaced`,
    );
  }
}

/** Those among resources, and those of patients among them. */
async function studiesOf({ index }: Services, resources: readonly ResourceRef[]): Promise<readonly OrthancId[]> {
  const studies: OrthancId[] = [];
  for (const { level, id } of resources) {
    if (level === 'Study') studies.push(id);
    if (level === 'Patient') studies.push(...((await index.get(id, { children: true }))?.children ?? []));
  }
  return studies;
}

interface Submission extends Pick<ModificationInput, 'type' | 'outputLevel' | 'told'> {
  readonly resources: readonly string[];
  readonly modification: ModificationRequest;
  readonly keepsSourceByDefault: boolean;
}

async function submit(
  request: Request,
  members: JsonMembers,
  submission: Submission,
  services: Services,
): Promise<Reply> {
  const { resources: names, modification, keepsSourceByDefault, ...rest } = submission;
  const member = memberReader(members, 'BadFileFormat');
  const options = jobOptionsOf(members);
  const { resources, instances } = await selectInstances(services, names);
  const keepsSource = member.boolean('KeepSource') ?? keepsSourceByDefault;
  if (rest.type === 'ResourceModification') {
    const compiled = createModification(modification, services.dictionary);
    checkInPlace(compiled, keepsSource, services);
    if (services.settings.PatientLevelEnabled && !compiled.isAnonymization) {
      for (const study of await studiesOf(services, resources)) await checkPatientTags(services, compiled, study);
    }
  }
  const job = createModificationJob(services, {
    ...rest,
    ...writtenFormOf(members),
    description: 'REST API',
    request: modification,
    instances,
    parents: resources.map(({ id }) => id),
    resources,
    permissive: options.permissive,
    keepsSource,
    keepsLabels: member.boolean('KeepLabels') ?? false,
    origin: requestOrigin(request),
  });
  return submissionReply(services, job, options);
}

async function resourceJob(
  kind: Kind,
  level: Exclude<Level, 'Instance'>,
  id: string,
  request: Request,
  services: Services,
) {
  // As at Orthanc, the path names the level of the modification; the resource may be one of another.
  if (!(await services.index.get(identifierOf(id), {}))) throw new PharosError('UnknownResource');
  const members = await membersOf(request);
  const modification = await requestOf(kind, members, level, services);
  const submission = { resources: [id], modification, keepsSourceByDefault: true, outputLevel: level };
  return submit(request, members, { type: 'ResourceModification', ...submission }, services);
}

function levelOf(text: string | undefined): Level | undefined {
  if (text === undefined) return undefined;
  const level = parseLevel(text);
  if (level) return level;
  throw new PharosError('ParameterOutOfRange', 'Field "Level" must be Patient, Study, Series or Instance');
}

async function bulkJob(kind: Kind, request: Request, services: Services): Promise<Reply> {
  const members = await membersOf(request);
  if (!Object.hasOwn(members, 'Resources')) throw new PharosError('BadFileFormat', 'Field "Resources" is missing');
  const resources = idsIn(members, 'Resources', isOrthancId);
  const level = levelOf(memberReader(members, 'BadFileFormat').text('Level'));
  const modification = await requestOf(kind, members, level, services);
  return submit(
    request,
    members,
    { type: 'ResourceModification', resources, modification, keepsSourceByDefault: true },
    services,
  );
}

const jobReply = Type.Record(Type.String(), Type.Unknown());

function kindRoutes(kind: Kind): readonly Route<Services>[] {
  const ofLevel = (['Patient', 'Study', 'Series'] as const).map((level) =>
    route({
      method: 'POST',
      path: `/${levelSegments[level]}/:id/${kind}` as const,
      summary: `Job: a ${verbs[kind]} copy, stored here`,
      tag: levelTags[level],
      body: Type.Object({ ...jobFields, ...fieldsOf(kind) }),
      reply: jobReply,
      writes: true,
      handler: (request, services) => resourceJob(kind, level, request.params.id, request, services),
    }),
  );
  return [
    ...ofLevel,
    route({
      method: 'POST',
      path: `/instances/:id/${kind}` as const,
      summary: `A ${verbs[kind]} copy, which is not stored`,
      tag: 'Instances',
      body: Type.Object(fieldsOf(kind)),
      reply: 'application/dicom',
      handler: (request, services) => copyReply(kind, request.params.id, request, services),
    }),
    route({
      method: 'POST',
      path: `/tools/bulk-${kind}` as const,
      summary: `Job: ${verbs[kind]} copies of several resources, stored here`,
      tag: 'Tools',
      body: Type.Object({ ...jobFields, ...fieldsOf(kind), Resources: Type.Array(Type.String()) }),
      reply: jobReply,
      writes: true,
      handler: (request, services) => bulkJob(kind, request, services),
    }),
  ];
}

/* ---- studies ---- */

/** @throws PharosError UnknownResource where one is not of the study */
async function checkWithin(
  { index }: Services,
  ids: readonly OrthancId[],
  level: Level,
  study: OrthancId,
): Promise<void> {
  for (const id of ids) {
    const resource = await index.get(id, { ancestors: true });
    if (resource?.level !== level || resource.ancestors.Study?.id !== study) throw new PharosError('UnknownResource');
  }
}

async function splitJob(id: string, request: Request, services: Services): Promise<Reply> {
  const study = await resourceOf(services, 'Study', id, { tags: true });
  const members = await membersOf(request);
  const series = idsIn(members, 'Series', isOrthancId);
  const instances = idsIn(members, 'Instances', isOrthancId);
  if (series.length + instances.length === 0) {
    throw new PharosError('BadRequest', 'The body must name what leaves the study: "Series", "Instances" or both');
  }
  await checkWithin(services, series, 'Series', study.id);
  await checkWithin(services, instances, 'Instance', study.id);
  const { replace, remove } = modifyRequestOf(members, 'Study', services);
  const patientId = study.tags[formatTag(Tag.PatientID)] ?? '';
  const {
    request: modification,
    targetStudy,
    targetStudyUid,
  } = splitOf(services.dictionary, { replace, remove }, patientId);
  const told = { TargetStudy: targetStudy, TargetStudyUID: targetStudyUid };
  const resources = [...series, ...instances];
  return submit(
    request,
    members,
    { type: 'SplitStudy', resources, modification, keepsSourceByDefault: false, told },
    services,
  );
}

async function mergeJob(id: string, request: Request, services: Services): Promise<Reply> {
  const study = await resourceOf(services, 'Study', id, {});
  const members = await membersOf(request);
  if (!Object.hasOwn(members, 'Resources')) throw new PharosError('BadRequest', 'Field "Resources" is missing');
  const resources = idsIn(members, 'Resources', isOrthancId);
  for (const name of resources) {
    const resource = await services.index.get(name, { ancestors: true });
    const own = resource?.level === 'Study' ? resource.id : resource?.ancestors.Study?.id;
    if (!resource || resource.level === 'Patient' || own === study.id) throw new PharosError('UnknownResource');
  }
  const sibling = await firstInstance(services, study.id);
  if (!sibling) throw new PharosError('UnknownResource');
  const { request: modification } = await mergeInto(services.reader, study.id, sibling);
  const told = { TargetStudy: study.id };
  return submit(
    request,
    members,
    { type: 'MergeStudy', resources, modification, keepsSourceByDefault: false, told },
    services,
  );
}

async function firstInstance(services: Services, study: OrthancId): Promise<OrthancId | undefined> {
  for await (const id of instancesBelow(services, { level: 'Study', id: study })) return id;
  return undefined;
}

const studyRoutes: readonly Route<Services>[] = [
  route({
    method: 'POST',
    path: '/studies/:id/split',
    summary: 'Job: series and instances of the study become a study of their own',
    tag: 'Studies',
    body: Type.Object({
      ...jobFields,
      Series: Type.Optional(Type.Array(Type.String())),
      Instances: Type.Optional(Type.Array(Type.String())),
      Replace: modificationFields.Replace,
      Remove: modificationFields.Remove,
      KeepSource: modificationFields.KeepSource,
      KeepLabels: modificationFields.KeepLabels,
    }),
    reply: jobReply,
    writes: true,
    handler: (request, services) => splitJob(request.params.id, request, services),
  }),
  route({
    method: 'POST',
    path: '/studies/:id/merge',
    summary: 'Job: studies, series and instances become part of the study',
    tag: 'Studies',
    body: Type.Object({
      ...jobFields,
      Resources: Type.Array(Type.String()),
      KeepSource: modificationFields.KeepSource,
      KeepLabels: modificationFields.KeepLabels,
    }),
    reply: jobReply,
    writes: true,
    handler: (request, services) => mergeJob(request.params.id, request, services),
  }),
];

export const modificationRoutes: readonly Route<Services>[] = [
  ...kindRoutes('modify'),
  ...kindRoutes('anonymize'),
  ...studyRoutes,
];
