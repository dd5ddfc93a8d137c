// What peers that are broken or hostile send to a DICOM port. Each attack is a list of pieces, written one after the other.
import { randomBytes, randomInt } from 'node:crypto';
import { encodePdu, type Pdu } from '@pharos/dimse';

export type Attack = Iterable<Uint8Array>;

const ct = '1.2.840.10008.5.1.4.1.1.2';
const explicitLittleEndian = '1.2.840.10008.1.2.1';

function bytesOf(pdu: Pdu): Buffer {
  return Buffer.from(encodePdu(pdu));
}

function request(abstractSyntax = ct): Buffer {
  return bytesOf({
    kind: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAet: 'ORTHANC',
    callingAet: 'ATTACKER',
    applicationContext: '1.2.840.10008.3.1.1.1',
    contexts: [{ id: 1, abstractSyntax, transferSyntaxes: [explicitLittleEndian] }],
    user: {
      maximumPduLength: 16384,
      implementationClassUid: '1.2.3',
      implementationVersionName: 'ATTACKER',
      roles: [],
    },
  });
}

function header(type: number, length: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt32BE(length >>> 0, 2);
  return bytes;
}

/** A P-DATA-TF with one value. @param flags of the message control header (PS3.8 E.2) */
function data(flags: number, content: Buffer): Buffer {
  const value = Buffer.alloc(6);
  value.writeUInt32BE(content.length + 2, 0);
  value.writeUInt8(1, 4);
  value.writeUInt8(flags, 5);
  return Buffer.concat([header(4, value.length + content.length), value, content]);
}

function* singly(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

function* endlessData(): Generator<Uint8Array> {
  yield request();
  for (let count = 0; count < 2000; count++) yield data(0, randomBytes(16000));
}

function* endlessCommand(): Generator<Uint8Array> {
  yield request();
  for (let count = 0; count < 200; count++) yield data(1, randomBytes(16000));
}

function broken(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = randomInt(1, 8); count > 0; count--) copy.writeUInt8(randomInt(256), randomInt(copy.length));
  return copy;
}

/** By what they do. */
export const attacks: Readonly<Record<string, () => Attack>> = {
  'nothing but noise': () => [randomBytes(randomInt(1, 5000))],
  'an unknown type': () => [header(randomInt(8, 256), 10), Buffer.alloc(10)],
  'a length of 4 GB': () => [header(randomInt(1, 8), 0xffffffff), randomBytes(1000)],
  'one byte at a time': () => singly(request()),
  'half a request': () => [request().subarray(0, randomInt(6, 150))],
  'a request with wrong bytes': () => [broken(request())],
  'two requests': () => [request(), request()],
  'data before a request': () => [data(3, Buffer.alloc(10))],
  'a release before a request': () => [header(5, 4), Buffer.alloc(4)],
  'data that never end': endlessData,
  'a command that never ends': endlessCommand,
  'a command of noise': () => [request(), data(3, randomBytes(200))],
  'half a value': () => [request(), data(3, randomBytes(200)).subarray(0, 40)],
  'a value longer than its PDU': () => [
    request(),
    header(4, 10),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 3, 0, 0, 0, 0]),
  ],
  'a context that was not negotiated': () => [request('1.2.3.4'), data(3, randomBytes(100))],
  'an abort out of nowhere': () => [header(7, 4), Buffer.alloc(4)],
  'an answer out of nowhere': () => [header(2, 100), randomBytes(100)],
  'an end in the middle of a data set': () => [request(), data(0, randomBytes(16000)), header(4, 16000)],
  'a web browser': () => [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
};
