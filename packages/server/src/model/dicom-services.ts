// The services of Pharos as a DICOM application entity: the one place that names their SOP classes and roles. Negotiation accepts and
// proposes what stands here, and the conformance statement (PS3.2) tells of it.
import { storageSopClasses } from '@pharos/dicom';

/** SOP classes apart from storage (PS3.4). */
export const SopClass = {
  verification: '1.2.840.10008.1.1',
  storageCommitmentPushModel: '1.2.840.10008.1.20.1',
  patientRootFind: '1.2.840.10008.5.1.4.1.2.1.1',
  patientRootMove: '1.2.840.10008.5.1.4.1.2.1.2',
  patientRootGet: '1.2.840.10008.5.1.4.1.2.1.3',
  studyRootFind: '1.2.840.10008.5.1.4.1.2.2.1',
  studyRootMove: '1.2.840.10008.5.1.4.1.2.2.2',
  studyRootGet: '1.2.840.10008.5.1.4.1.2.2.3',
  modalityWorklistFind: '1.2.840.10008.5.1.4.31',
} as const;

const implicitLittleEndian = '1.2.840.10008.1.2';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const explicitBigEndian = '1.2.840.10008.1.2.2';

/** Associations as SCP at the same time; more are rejected as transient (PS3.8 9.3.4). */
export const associationLimit = 500;
/** The same with one address. */
export const associationLimitOfPeer = 250;

/** Transfer syntaxes of all services but storage. */
export const commandSyntaxes = {
  /** As SCP: of those that the peer proposes, the first of these is taken. */
  accepted: [explicitLittleEndian, explicitBigEndian, implicitLittleEndian],
  /** As SCU, in one presentation context. */
  proposed: [explicitLittleEndian, implicitLittleEndian, explicitBigEndian],
} as const;

/** What stored instances are sent and fetched in beside their own syntax: every application entity has the first. */
export const storageSyntaxes = {
  /** C-STORE as SCU, in one presentation context. */
  sent: [implicitLittleEndian, explicitLittleEndian],
  /** C-GET as SCU: for the storage classes that the peer may send. */
  fetched: [explicitLittleEndian, implicitLittleEndian],
  /** As SCP, for SOP classes that nobody knows: before all others that are accepted. */
  preferred: explicitLittleEndian,
} as const;

/** Requests of the messages that Pharos exchanges (PS3.7 9, 10). */
export type DicomCommand = 'C-ECHO' | 'C-STORE' | 'C-FIND' | 'C-MOVE' | 'C-GET' | 'N-ACTION' | 'N-EVENT-REPORT';

export type DicomRole = 'SCU' | 'SCP';

export interface DicomService {
  readonly name: string;
  /** Where the standard has it. */
  readonly clause: string;
  readonly roles: readonly DicomRole[];
  /** The requests that the SCU of the service makes of its SCP. */
  readonly commands: readonly DicomCommand[];
  /** As SCP: in which roles the peer is accepted (PS3.7 D.3.3.4); `default` is SCU only. */
  readonly peerRoles: 'default' | 'as-proposed';
  /** UIDs. As SCP of storage, settings take some away. */
  readonly sopClasses: readonly string[];
  /** Under which condition it is offered as SCP, where there is one: ends a sentence. */
  readonly condition?: string;
}

type Common = Pick<DicomService, 'roles' | 'peerRoles'>;

const both: Common = { roles: ['SCU', 'SCP'], peerRoles: 'default' };

/** Every service, in the order in which statements tell of them. */
export const dicomServices = {
  verification: {
    ...both,
    name: 'Verification',
    clause: 'PS3.4 A',
    commands: ['C-ECHO'],
    sopClasses: [SopClass.verification],
  },
  storage: {
    ...both,
    name: 'Storage',
    clause: 'PS3.4 B',
    commands: ['C-STORE'],
    peerRoles: 'as-proposed',
    sopClasses: storageSopClasses.map(({ uid }) => uid),
  },
  find: {
    ...both,
    name: 'Query',
    clause: 'PS3.4 C.4.1',
    commands: ['C-FIND'],
    sopClasses: [SopClass.patientRootFind, SopClass.studyRootFind],
  },
  move: {
    ...both,
    name: 'Retrieve by C-MOVE',
    clause: 'PS3.4 C.4.2',
    commands: ['C-MOVE'],
    sopClasses: [SopClass.patientRootMove, SopClass.studyRootMove],
  },
  get: {
    ...both,
    name: 'Retrieve by C-GET',
    clause: 'PS3.4 C.4.3',
    commands: ['C-GET'],
    sopClasses: [SopClass.patientRootGet, SopClass.studyRootGet],
  },
  worklist: {
    ...both,
    name: 'Modality worklist',
    clause: 'PS3.4 K',
    commands: ['C-FIND'],
    sopClasses: [SopClass.modalityWorklistFind],
    condition: 'where `Worklists.Enable` is on',
  },
  storageCommitment: {
    ...both,
    name: 'Storage commitment',
    clause: 'PS3.4 J',
    commands: ['N-ACTION', 'N-EVENT-REPORT'],
    peerRoles: 'as-proposed',
    sopClasses: [SopClass.storageCommitmentPushModel],
  },
} as const satisfies Readonly<Record<string, DicomService>>;

export const allDicomServices: readonly DicomService[] = Object.values(dicomServices);
