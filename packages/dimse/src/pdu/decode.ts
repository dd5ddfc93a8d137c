// Parts of PDUs (PS3.8 9.3) out of bytes, as pure functions: what pdu-reader.ts asks at each header and at the end of each body. Every
// length is compared with a limit before anything is read for it.
import { decodeAssociateAc, decodeAssociateRq } from './associate.ts';
import {
  AbortReason,
  type ControlPdu,
  type Malformed,
  malformed,
  type PduLimits,
  PduType,
  pdvHeaderLength,
} from './pdu.ts';

const fixedLength = 4;
const shortestAssociate = 68;

/** Judges the first byte of a header. */
export function checkPduType(type: number): Malformed | undefined {
  return type >= PduType.associateRq && type <= PduType.abort ? undefined : unknownType(type);
}

/** Judges a header alone: type and length. */
export function checkPduHeader(type: number, length: number, limits: PduLimits): Malformed | undefined {
  const problem = checkPduType(type);
  if (problem) return problem;
  if (isLengthAllowed(type, length, limits)) return undefined;
  return malformed(AbortReason.invalidParameter, `PDU of type ${type} announces ${length} bytes`);
}

/** Decodes the body of any PDU but P-DATA-TF; its header was checked. */
export function decodeControl(type: number, body: Uint8Array): ControlPdu | Malformed {
  const second = body[1] ?? 0;
  const third = body[2] ?? 0;
  const fourth = body[3] ?? 0;
  switch (type) {
    case PduType.associateRq:
      return decodeAssociateRq(body);
    case PduType.associateAc:
      return decodeAssociateAc(body);
    case PduType.associateRj:
      return { kind: 'A-ASSOCIATE-RJ', result: second, source: third, reason: fourth };
    case PduType.releaseRq:
      return { kind: 'A-RELEASE-RQ' };
    case PduType.releaseRp:
      return { kind: 'A-RELEASE-RP' };
    case PduType.abort:
      return { kind: 'A-ABORT', source: third, reason: fourth };
    default:
      return unknownType(type);
  }
}

/** Judges the header of a presentation data value against what is left of its PDU, in bytes with that header. */
export function checkPdvHeader(length: number, left: number): Malformed | undefined {
  if (length >= 2 && length + 4 <= left) return undefined;
  return malformed(
    AbortReason.invalidParameter,
    `Presentation data value announces ${length} bytes where ${left} are left`,
  );
}

function unknownType(type: number): Malformed {
  return malformed(AbortReason.unrecognisedPdu, `No PDU has the type ${type}`);
}

function isLengthAllowed(type: number, length: number, limits: PduLimits): boolean {
  if (type === PduType.dataTf) return length >= pdvHeaderLength && length <= limits.dataBytes;
  if (type === PduType.associateRq || type === PduType.associateAc) {
    return length >= shortestAssociate && length <= limits.associateBytes;
  }
  return length === fixedLength;
}
