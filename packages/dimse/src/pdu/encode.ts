// PDUs to bytes (PS3.8 9.3). The large ones, data sets in P-DATA-TF, are cut by messages/fragments.ts without copying.
import { encodeAssociate } from './associate.ts';
import { type DataTf, type Pdu, PduType, type Pdv, pduHeaderLength, pdvHeaderLength } from './pdu.ts';

/** The whole PDU in one array. @throws RangeError where an item is longer than 65535 bytes */
export function encodePdu(pdu: Pdu): Uint8Array {
  switch (pdu.kind) {
    case 'A-ASSOCIATE-RQ':
      return withHeader(PduType.associateRq, encodeAssociate(pdu));
    case 'A-ASSOCIATE-AC':
      return withHeader(PduType.associateAc, encodeAssociate(pdu));
    case 'A-ASSOCIATE-RJ':
      return withHeader(PduType.associateRj, [Uint8Array.of(0, pdu.result, pdu.source, pdu.reason)]);
    case 'P-DATA-TF':
      return withHeader(PduType.dataTf, encodePdvs(pdu));
    case 'A-RELEASE-RQ':
      return withHeader(PduType.releaseRq, [new Uint8Array(4)]);
    case 'A-RELEASE-RP':
      return withHeader(PduType.releaseRp, [new Uint8Array(4)]);
    case 'A-ABORT':
      return withHeader(PduType.abort, [Uint8Array.of(0, 0, pdu.source, pdu.reason)]);
  }
}

/** Writes the two headers of a P-DATA-TF that holds one presentation data value of `length` bytes; 12 bytes in all. */
export function writeDataHeader(
  target: Uint8Array,
  at: number,
  pdv: Pick<Pdv, 'contextId' | 'isCommand' | 'isLast'>,
  length: number,
): void {
  target[at] = PduType.dataTf;
  target[at + 1] = 0;
  writeUint32(target, at + 2, length + pdvHeaderLength);
  writePdvHeader(target, at + pduHeaderLength, pdv, length);
}

function encodePdvs(pdu: DataTf): readonly Uint8Array[] {
  return pdu.pdvs.flatMap((pdv) => {
    const header = new Uint8Array(pdvHeaderLength);
    writePdvHeader(header, 0, pdv, pdv.bytes.length);
    return [header, pdv.bytes];
  });
}

function writePdvHeader(
  target: Uint8Array,
  at: number,
  pdv: Pick<Pdv, 'contextId' | 'isCommand' | 'isLast'>,
  length: number,
): void {
  writeUint32(target, at, length + 2);
  target[at + 4] = pdv.contextId;
  target[at + 5] = (pdv.isCommand ? 1 : 0) | (pdv.isLast ? 2 : 0);
}

function withHeader(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(pduHeaderLength + length);
  bytes[0] = type;
  writeUint32(bytes, 2, length);
  let at = pduHeaderLength;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function writeUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}
