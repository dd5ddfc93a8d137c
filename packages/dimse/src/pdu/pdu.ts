// The protocol data units of the DICOM upper layer (PS3.8 9.3) as values.

/** Application context of DICOM itself (PS3.7 A.2.1). */
export const dicomApplicationContext = '1.2.840.10008.3.1.1.1';

/** A presentation context as it is proposed (PS3.8 9.3.2.2). */
export interface ProposedContext {
  /** Odd, 1 to 255. */
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** Result of one presentation context (PS3.8 Table 9-18). */
export const ContextResult = {
  acceptance: 0,
  userRejection: 1,
  noReason: 2,
  abstractSyntaxNotSupported: 3,
  transferSyntaxesNotSupported: 4,
} as const;

export interface AnsweredContext {
  readonly id: number;
  /** See `ContextResult`. */
  readonly result: number;
  /** Means something only where the result is acceptance. */
  readonly transferSyntax: string;
}

/** SCP/SCU role selection (PS3.7 D.3.3.4): the roles the requestor may take. */
export interface RoleSelection {
  readonly sopClassUid: string;
  readonly scu: boolean;
  readonly scp: boolean;
}

/** User information of an association (PS3.8 9.3.2.3, PS3.7 D.3.3). */
export interface UserInformation {
  /** Largest P-DATA-TF that the sender of this item takes, in bytes without the 6 of the header; 0 is no limit. */
  readonly maximumPduLength: number;
  readonly implementationClassUid?: string;
  readonly implementationVersionName?: string;
  readonly roles: readonly RoleSelection[];
}

export interface AssociateRq {
  readonly kind: 'A-ASSOCIATE-RQ';
  /** Bit 0 is version 1, the only one there is. */
  readonly protocolVersion: number;
  /** As sent, without trailing padding. */
  readonly calledAet: string;
  readonly callingAet: string;
  readonly applicationContext: string;
  readonly contexts: readonly ProposedContext[];
  readonly user: UserInformation;
}

export interface AssociateAc {
  readonly kind: 'A-ASSOCIATE-AC';
  readonly protocolVersion: number;
  readonly calledAet: string;
  readonly callingAet: string;
  readonly applicationContext: string;
  readonly contexts: readonly AnsweredContext[];
  readonly user: UserInformation;
}

/** Result, source and reason: PS3.8 Table 9-21. */
export interface AssociateRj {
  readonly kind: 'A-ASSOCIATE-RJ';
  readonly result: number;
  readonly source: number;
  readonly reason: number;
}

/** A presentation data value: one fragment of a command set or a data set (PS3.8 9.3.5.1, E.2). */
export interface Pdv {
  readonly contextId: number;
  readonly isCommand: boolean;
  readonly isLast: boolean;
  readonly bytes: Uint8Array;
}

export interface DataTf {
  readonly kind: 'P-DATA-TF';
  readonly pdvs: readonly Pdv[];
}

export interface ReleaseRq {
  readonly kind: 'A-RELEASE-RQ';
}

export interface ReleaseRp {
  readonly kind: 'A-RELEASE-RP';
}

/** Source and reason: PS3.8 Table 9-26. */
export interface Abort {
  readonly kind: 'A-ABORT';
  readonly source: number;
  readonly reason: number;
}

/** Every PDU but P-DATA-TF. */
export type ControlPdu = AssociateRq | AssociateAc | AssociateRj | ReleaseRq | ReleaseRp | Abort;

export type Pdu = ControlPdu | DataTf;

/** No PDU begins like this. */
export interface Malformed {
  readonly kind: 'malformed';
  /** The reason that an A-ABORT of the service provider gives: see `AbortReason`. */
  readonly reason: number;
  readonly message: string;
}

/** Types of PDU on the wire. */
export const PduType = {
  associateRq: 1,
  associateAc: 2,
  associateRj: 3,
  dataTf: 4,
  releaseRq: 5,
  releaseRp: 6,
  abort: 7,
} as const;

export const AbortSource = { user: 0, provider: 2 } as const;

export const AbortReason = {
  notSpecified: 0,
  unrecognisedPdu: 1,
  unexpectedPdu: 2,
  unrecognisedParameter: 4,
  unexpectedParameter: 5,
  invalidParameter: 6,
} as const;

export const RejectResult = { permanent: 1, transient: 2 } as const;
export const RejectSource = { user: 1, acseProvider: 2, presentationProvider: 3 } as const;

export const pduHeaderLength = 6;
export const pdvHeaderLength = 6;

/** What is read of lengths that a stranger announces, in bytes without the header. */
export interface PduLimits {
  readonly associateBytes: number;
  readonly dataBytes: number;
}

/** 128 contexts, each with every transfer syntax there is, take 150 KB. */
export const maximumAssociateBytes = 1 << 18;
export const maximumContexts = 128;

/** Bounds of the maximum PDU length that one may announce. */
export const smallestMaximumPdu = 4096;
export const largestMaximumPdu = 131072;

export function malformed(reason: number, message: string): Malformed {
  return { kind: 'malformed', reason, message };
}
