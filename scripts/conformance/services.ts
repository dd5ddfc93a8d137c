// Section 3 of the statement: what each service does, as SCU and as SCP. What is common to them, and their SOP classes, come from the
// registry.
import { type DicomRole, type DicomService, dicomServices } from '../../packages/server/src/model/index.ts';
import { blocks, list } from './markdown.ts';

type ServiceName = keyof typeof dicomServices;

/** A paragraph for each role, and the statuses that its responses have. */
interface Behaviour {
  readonly SCU: string;
  readonly SCP: string;
  readonly statuses: readonly string[];
}

const success = '0000 Success';

/** Every service of the registry has one: the compiler asks for it. */
const behaviours: Readonly<Record<ServiceName, Behaviour>> = {
  verification: {
    SCU: '`POST /modalities/{id}/echo` sends C-ECHO; with `CheckFind` a C-FIND that should match nothing follows.',
    SCP: 'C-ECHO is answered at once.',
    statuses: [success],
  },
  storage: {
    SCU: [
      '`POST /modalities/{id}/store` sends stored instances, one after the other on one association. For each SOP class there is a',
      'presentation context with the transfer syntax that the file has, one with `DicomScuPreferredTransferSyntax`, and one with',
      'Implicit and Explicit VR Little Endian; the most common storage classes follow, as many as fit. Where the transfer syntax of a',
      'file is refused, it is written in one that was accepted (`TranscodeDicomProtocol`, `AllowTranscoding`). 0000,',
      'B000, B006, B007 and 0111 (duplicate SOP instance) are taken for success.',
    ].join('\n'),
    SCP: [
      'An instance is kept as it comes, private and unknown attributes included (level 2 of PS3.4 B.4.1, full); only the file meta',
      'information is made anew. The response is sent when the file and its entry in the index are durable. An instance that is there',
      'already is answered with success: `OverwriteInstances` decides which of the two stays.',
    ].join('\n'),
    statuses: [
      `${success}: stored, or there already`,
      'A700 Out of resources: it could not be stored, as when the storage is full',
      'A900 Data set does not match SOP class: class or instance differ from those of the command',
      'C000 Cannot understand: no data set, or without SOP Class UID or SOP Instance UID',
    ],
  },
  find: {
    SCU: [
      '`POST /modalities/{id}/query` and the routes `find-patient`, `find-study`, `find-series`, `find-instance` send C-FIND: Patient Root',
      'at the level PATIENT, Study Root at the others. Pending responses are collected; any final status but success is an error.',
    ].join('\n'),
    SCP: [
      'Both information models behave alike. QueryRetrieveLevel (0008,0052) is needed: PATIENT, STUDY, SERIES or IMAGE. Keys of upper',
      'levels may be used at any level, and no unique key is required, so that queries are relational whatever was negotiated. See',
      '[query keys](#4-query-keys). C-CANCEL is honoured between answers.',
    ].join('\n'),
    statuses: [
      'FF00 Pending: an answer follows',
      success,
      'FE00 Cancel: by C-CANCEL, or `LimitFindResults` or `LimitFindInstances` left answers out',
      'A700 Out of resources: the identifier is longer than 1 MiB',
      'C000 Unable to process: the level is missing or unknown, a wildcard stands in a key that cannot have one, or the query failed',
    ],
  },
  move: {
    SCU: [
      '`POST /modalities/{id}/move` and the retrieval of query answers send C-MOVE of Study Root, with the unique keys of the level and',
      'QueryRetrieveLevel alone. This server as the destination receives by its own Storage SCP.',
    ].join('\n'),
    SCP: [
      'Resources are named by the unique keys of the level, or by Accession Number; lists are allowed. The destination is looked up in',
      '`DicomModalities` by its title. Sub-operations go over one association of their own, with the Move Originator set.',
      'With `SynchronousCMove` a pending response follows each sub-operation, or several where they take less than 10 ms; without it a job',
      'sends, and the response comes at once.',
    ].join('\n'),
    statuses: [
      'FF00 Pending: sub-operations are going on',
      success,
      'A702 Out of resources: all sub-operations have failed, or the destination cannot be reached',
      'B000 Warning: some have failed; FailedSOPInstanceUIDList (0008,0058) names them',
      'FE00 Cancel: by C-CANCEL',
      'C000 Unable to process: the destination or what is to be moved is unknown',
    ],
  },
  get: {
    SCU: [
      '`POST /modalities/{id}/get` and the retrieval of query answers send C-GET: Patient Root at the level PATIENT, else Study Root. This',
      'side is proposed as SCP of the storage classes that SOPClassesInStudy (0008,0062) names, else of the most common ones, as many',
      'as fit. What comes goes through the same intake as C-STORE.',
    ].join('\n'),
    SCP: [
      'QueryRetrieveLevel is needed. Each instance is sent on the same association, in a presentation context of its SOP class: that of',
      'its transfer syntax, else one in which it can be written (`TranscodeDicomProtocol`, `AllowTranscoding`).',
    ].join('\n'),
    statuses: [
      'FF00 Pending: sub-operations are going on',
      success,
      'A702 Out of resources: all sub-operations have failed',
      'B000 Warning: some have failed; FailedSOPInstanceUIDList (0008,0058) names them',
      'FE00 Cancel: by C-CANCEL',
      'C000 Unable to process: the level is missing, or one of the keys names nothing',
    ],
  },
  worklist: {
    SCU: '`POST /modalities/{id}/find-worklist` sends the query as it is given, sequences included.',
    SCP: [
      'Worklist items are matched by the rules of [query keys](#4-query-keys); a sequence with one item is matched against any item of the',
      'sequence of the worklist. Answers hold what was asked for.',
    ].join('\n'),
    statuses: [
      'FF00 Pending: an answer follows',
      success,
      'FE00 Cancel: by C-CANCEL',
      'C000 Unable to process: the identifier cannot be understood',
    ],
  },
  storageCommitment: {
    SCU: [
      '`POST /modalities/{id}/storage-commitment` sends N-ACTION (action type 1) with a new Transaction UID. The N-EVENT-REPORT is accepted',
      'on the same or on another association; `GET /storage-commitment/{uid}` shows it.',
    ].join('\n'),
    SCP: [
      'N-ACTION of the well-known instance 1.2.840.10008.1.20.1.1, action type 1, is answered at once. The instances are looked up then,',
      'and an association of its own to the requester, by its entry in `DicomModalities`, brings N-EVENT-REPORT: event type 1 where',
      'all are stored, else 2 with a failure reason each (0112 no such instance, 0119 class-instance conflict).',
    ].join('\n'),
    statuses: [
      success,
      '0110 Processing failure: the request cannot be read, or its sender is not in `DicomModalities`',
      '0112 No such instance: another than the well-known one',
      '0113 No such event type, 0118 No such SOP class, 0123 No such action type',
      '0213 Resource limitation: more than 50,000 instances or 8 MiB of information',
    ],
  },
};

function roleText(service: DicomService, behaviour: Behaviour, role: DicomRole): string {
  if (!service.roles.includes(role)) return '';
  const condition = role === 'SCP' && service.condition ? ` (${service.condition})` : '';
  const statuses = role === 'SCP' ? blocks('Statuses:', list(behaviour.statuses)) : '';
  return blocks(`**As ${role}**${condition}:\n${behaviour[role]}`, statuses);
}

/** One subsection for each service, numbered from `chapter`.1. */
export function serviceSections(chapter: number): string {
  const sections = Object.entries<DicomService>(dicomServices).map(([name, service], index) => {
    const behaviour = Object.entries(behaviours).find(([key]) => key === name)?.[1];
    if (!behaviour) throw new Error(`Nothing is said of the service ${name}`);
    const title = `### ${chapter}.${index + 1} ${service.name} (${service.commands.join(', ')}; ${service.clause})`;
    return blocks(title, roleText(service, behaviour, 'SCU'), roleText(service, behaviour, 'SCP'));
  });
  return blocks(...sections);
}
