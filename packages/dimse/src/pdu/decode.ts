// Bytes to PDUs (PS3.8 9.3), as pure functions. Every length is compared with a limit before anything is read for it.
import { decodeAssociateAc, decodeAssociateRq } from './associate.ts';
import { uint32At } from './items.ts';
import {
  AbortReason,
  type ControlPdu,
  type DataTf,
  type Malformed,
  malformed,
  type NeedMore,
  type Pdu,
  type PduLimits,
  PduType,
  type Pdv,
  pduHeaderLength,
  pdvHeaderLength,
} from './pdu.ts';

const needMore: NeedMore = { kind: 'need-more' };
const fixedLength = 4;
const shortestAssociate = 68;

/** The PDU with which `bytes` begin. What follows it is the caller's: a PDU takes 6 bytes and the length in bytes 2 to 5. */
export function decodePdu(bytes: Uint8Array, limits: PduLimits): Pdu | NeedMore | Malformed {
  const type = bytes[0];
  if (type === undefined) return needMore;
  if (bytes.length < pduHeaderLength) return checkPduType(type) ?? needMore;
  const length = uint32At(bytes, 2);
  const problem = checkPduHeader(type, length, limits);
  if (problem) return problem;
  if (bytes.length < pduHeaderLength + length) return needMore;
  const body = bytes.subarray(pduHeaderLength, pduHeaderLength + length);
  return type === PduType.dataTf ? decodeDataTf(body) : decodeControl(type, body);
}

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

function decodeDataTf(body: Uint8Array): DataTf | Malformed {
  const pdvs: Pdv[] = [];
  let at = 0;
  while (at < body.length) {
    const left = body.length - at;
    const length = left < pdvHeaderLength ? 0 : uint32At(body, at);
    const problem = checkPdvHeader(length, left);
    if (problem) return problem;
    const control = body[at + 5] ?? 0;
    pdvs.push({
      contextId: body[at + 4] ?? 0,
      isCommand: (control & 1) !== 0,
      isLast: (control & 2) !== 0,
      bytes: body.subarray(at + pdvHeaderLength, at + 4 + length),
    });
    at += 4 + length;
  }
  return { kind: 'P-DATA-TF', pdvs };
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
