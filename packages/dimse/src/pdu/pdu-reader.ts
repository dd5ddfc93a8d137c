// Reads PDUs from a stream that is cut anywhere (PS3.8 9.3). The bodies of P-DATA-TF are never gathered: each piece of a
// presentation data value is handed on as a view of the chunk it came in.
import { createByteCollector } from './byte-collector.ts';
import { checkPduHeader, checkPduType, checkPdvHeader, decodeControl } from './decode.ts';
import { uint32At } from './items.ts';
import { type ControlPdu, type Malformed, type PduLimits, PduType, pduHeaderLength, pdvHeaderLength } from './pdu.ts';

export interface PduReaderEvents {
  control(pdu: ControlPdu): void;
  /** The header of a P-DATA-TF was read. */
  data(): void;
  /** A piece of a presentation data value. `isEnd`: it ends the value. A promise asks to be given no more until it settles. */
  piece(contextId: number, control: number, bytes: Uint8Array, isEnd: boolean): Promise<void> | undefined;
  /** Nothing is read any more. */
  malformed(problem: Malformed): void;
}

/** What was left of a chunk when the receiver asked to wait. */
export interface Held {
  readonly until: Promise<void>;
  readonly rest: Uint8Array;
}

export interface PduReader {
  /** Reads a chunk; the reader keeps views of it. */
  push(chunk: Uint8Array): Held | undefined;
}

export function createPduReader(limits: PduLimits, events: PduReaderEvents): PduReader {
  const header = new Uint8Array(6);
  const body = createByteCollector();
  let filled = 0;
  let phase: 'pdu-header' | 'body' | 'pdv-header' | 'pdv' | 'dead' = 'pdu-header';
  let type = 0;
  /** Bytes of the PDU that are still to come. */
  let pduLeft = 0;
  /** Bytes of the presentation data value that are still to come. */
  let pdvLeft = 0;
  let contextId = 0;
  let control = 0;

  const fail = (problem: Malformed): void => {
    phase = 'dead';
    events.malformed(problem);
  };

  /** A stranger that does not speak DICOM is told so at its first byte. */
  const rejectUnknownType = (): void => {
    const problem = checkPduType(header[0] ?? 0);
    if (problem) fail(problem);
  };

  /** Gives how many bytes it took. */
  const fillHeader = (chunk: Uint8Array, at: number): number => {
    const count = Math.min(header.length - filled, chunk.length - at);
    for (let i = 0; i < count; i++) header[filled + i] = chunk[at + i] ?? 0;
    filled += count;
    return count;
  };

  const endOfPduHeader = (): void => {
    filled = 0;
    type = header[0] ?? 0;
    pduLeft = uint32At(header, 2);
    const problem = checkPduHeader(type, pduLeft, limits);
    if (problem) {
      fail(problem);
      return;
    }
    phase = type === PduType.dataTf ? 'pdv-header' : 'body';
    if (type === PduType.dataTf) events.data();
  };

  const endOfPdvHeader = (): Promise<void> | undefined => {
    filled = 0;
    const length = uint32At(header, 0);
    const problem = checkPdvHeader(length, pduLeft);
    if (problem) {
      fail(problem);
      return undefined;
    }
    pduLeft -= pdvHeaderLength;
    pdvLeft = length - 2;
    contextId = header[4] ?? 0;
    control = header[5] ?? 0;
    phase = 'pdv';
    return pdvLeft === 0 ? emit(emptyBytes) : undefined;
  };

  const emit = (bytes: Uint8Array): Promise<void> | undefined => {
    pduLeft -= bytes.length;
    pdvLeft -= bytes.length;
    const isEnd = pdvLeft === 0;
    if (isEnd) phase = pduLeft === 0 ? 'pdu-header' : 'pdv-header';
    return events.piece(contextId, control, bytes, isEnd);
  };

  const takeBody = (chunk: Uint8Array, at: number): number => {
    const count = Math.min(pduLeft, chunk.length - at);
    body.append(chunk.subarray(at, at + count));
    pduLeft -= count;
    if (pduLeft > 0) return count;
    phase = 'pdu-header';
    const pdu = decodeControl(type, body.take());
    if (pdu.kind === 'malformed') fail(pdu);
    else events.control(pdu);
    return count;
  };

  const push = (chunk: Uint8Array): Held | undefined => {
    let at = 0;
    while (at < chunk.length) {
      let wait: Promise<void> | undefined;
      switch (phase) {
        case 'dead':
          return undefined;
        case 'pdu-header':
          at += fillHeader(chunk, at);
          if (filled === pduHeaderLength) endOfPduHeader();
          else rejectUnknownType();
          break;
        case 'body':
          at += takeBody(chunk, at);
          break;
        case 'pdv-header':
          at += fillHeader(chunk, at);
          if (filled === pdvHeaderLength) wait = endOfPdvHeader();
          break;
        case 'pdv': {
          const end = Math.min(at + pdvLeft, chunk.length);
          const bytes = chunk.subarray(at, end);
          at = end;
          wait = emit(bytes);
        }
      }
      if (wait) return { until: wait, rest: chunk.subarray(at) };
    }
    return undefined;
  };

  return { push };
}

const emptyBytes = new Uint8Array(0);
