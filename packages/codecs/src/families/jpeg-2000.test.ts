// Colour of more than eight bits in JPEG 2000, and syntaxes that share its streams.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodecError, type FrameFormat } from '../frame/index.ts';
import { createCodecs } from './codecs.ts';

const root = '1.2.840.10008.1.2';
const codecOf = createCodecs();
const format: FrameFormat = {
  rows: 32,
  columns: 40,
  samplesPerPixel: 3,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  isSigned: false,
  planarConfiguration: 0,
  photometricInterpretation: 'YBR_RCT',
};

/** Three for each pixel before; green 1000 more than red, blue 1000 more than green; modulo 4096. */
const samples = Uint16Array.from({ length: 32 * 40 * 3 }, (_, at) => (Math.floor(at / 3) * 3 + (at % 3) * 1000) % 4096);

/** The same, made by GDCM without loss. */
const deepColour = Buffer.from(
  [
    '/0//UQAvAAAAAAAoAAAAIAAAAAAAAAAAAAAAKAAAACAAAAAAAAAAAAADDwEBDwEBDwEB/1IADAAAAAEABAQEAAH/XAAQQICIiJCIiJCIiJCIiJ',
    'D/ZAAqAAFDcmVhdGVkIGJ5IEdEQ00vT3BlbkpQRUcgdmVyc2lvbiAyLjUuMP+QAAoAAAAAAjcAAf+T3/iQaAejbERpa0nDMbTcd6vP/DAwCJBR',
    '8Ma0hiIJcWNnz/wwMAiQTD++T688VDCM3sAAOhQH8gwOBws7mqWJJ8AB84OAPzB4AfmCAA0LpxSxkxVKC8EP1hbHwA/AFgf4C4A/YGAMs2Zzbg',
    'wOZKESHpCnOpGcD5mltYTPwAD5AkA/YHAnOXc/A4AKPZuZiMAfmFwf+ACUAPzCACQiUVdhQqJdAOu/JNRld+uLbxbFqHUPK2IBSKAfIrHceYS3',
    'ymXAH5h8D/AvAD8woB3WFg7ouztTnUTfJKyydAcYA7f9cJJuDeinWhFJsYGyf/MeNOQJG8opHON8yK6tMcAAfCJAH5hYQOPsL0foOChSBMA8Pw',
    'p3wD9hKB/ghgB+YQBrcJD/gMa36yMpR2Auxdjsax9v0MFJMJe2zsNp3nvtmkWkgrVs1PknFVv++tuSSSvJJQhnnJm0fNxpv8AfmIQP8EcAH4BI',
    'WrhAWv4SuiK47M6FjzEYpF9DY68QqKoabFXlMC6d0jdNhO7KRIt92ZhUjM1OxOkdZnQ/KfcQrKyoDl8/wAA6JAB9oYB0LeBPqnIp1Avqk4AAGE',
    'hLwD9gyB/gfgP8AgC6MCzMHSoUXL1D0N+qUeboagI87QCYr1YICfyIU+BsjDJWcjQAAAG9gf9/ukyUg8A/YMgf4HoD/AIAnlhTcci7NI46NvsG',
    'lQfUGKgL+fhAIbo8g7hhEXBgAAAwZTLNnyLo6IS/nnUhMf/Z',
  ].join(''),
  'base64',
);

test('colour of twelve bits is decoded, in each transfer syntax that holds such streams', () => {
  for (const suffix of ['.4.90', '.4.91', '.4.92', '.4.93']) {
    const decoded = codecOf(root + suffix).decode?.(deepColour, format);
    assert.ok(decoded);
    assert.equal(decoded.format.photometricInterpretation, 'RGB');
    assert.deepEqual(new Uint16Array(Uint8Array.from(decoded.bytes).buffer), samples, suffix);
  }
});

test('a stream of deep colour that is damaged is told as one, and the next is decoded', () => {
  const { decode } = codecOf(`${root}.4.90`);
  assert.ok(decode);
  for (const length of [deepColour.byteLength - 2, deepColour.byteLength >> 1, 60]) {
    assert.throws(() => decode(deepColour.subarray(0, length), format), CodecError);
    assert.equal(decode(deepColour, format).bytes.byteLength, samples.byteLength);
  }
});

/** Marker segments of the main header, by their marker, and what the tile-parts hold. */
function partsOf(bytes: Buffer): { readonly header: readonly Buffer[]; readonly packets: Buffer } {
  const header: Buffer[] = [];
  let at = 2;
  for (; bytes.readUInt16BE(at) !== 0xff90; at += 2 + bytes.readUInt16BE(at + 2)) {
    header.push(Buffer.from(bytes.subarray(at, at + 2 + bytes.readUInt16BE(at + 2))));
  }
  const packets: Buffer[] = [];
  while (bytes.readUInt16BE(at) === 0xff90) {
    const end = at + bytes.readUInt32BE(at + 6);
    packets.push(bytes.subarray(bytes.indexOf(Uint8Array.of(0xff, 0x93), at) + 2, end));
    at = end;
  }
  return { header, packets: Buffer.concat(packets) };
}

const marker = (segment: Buffer): number => segment.readUInt16BE(0);

/** One stream of several of one component each: component by component, none turned into another. */
function joined(streams: readonly Uint8Array[]): Buffer {
  const parts = streams.map((stream) => partsOf(Buffer.from(stream)));
  const header = (parts[0]?.header ?? []).map((segment) => {
    if (marker(segment) === 0xff52) segment[5] = 4;
    if (marker(segment) !== 0xff51) return segment;
    const component = segment.subarray(40, 43);
    const size = Buffer.concat([segment, ...streams.slice(1).map(() => component)]);
    size.writeUInt16BE(size.byteLength - 2, 2);
    size.writeUInt16BE(streams.length, 38);
    return size;
  });
  const packets = Buffer.concat(parts.map((part) => part.packets));
  const start = Buffer.from([0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93]);
  start.writeUInt32BE(start.byteLength + packets.byteLength, 6);
  // Of tile lengths and comments nothing is kept.
  const kept = header.filter((segment) => marker(segment) !== 0xff55 && marker(segment) !== 0xff64);
  return Buffer.concat([Uint8Array.of(0xff, 0x4f), ...kept, start, packets, Uint8Array.of(0xff, 0xd9)]);
}

test('HTJ2K colour that is not turned is decoded', () => {
  const { encode, decode } = codecOf(`${root}.4.201`);
  assert.ok(encode && decode);
  for (const bitsAllocated of [8, 16]) {
    const count = format.rows * format.columns;
    const depth = { bitsAllocated, bitsStored: bitsAllocated, highBit: bitsAllocated - 1 };
    const grey: FrameFormat = { ...format, ...depth, samplesPerPixel: 1, photometricInterpretation: 'MONOCHROME2' };
    const sample = (at: number, component: number): number => (at * (component + 1) * 3) % 2 ** bitsAllocated;
    const bytesOf = (values: readonly number[]): Uint8Array =>
      bitsAllocated === 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
    const streams = [0, 1, 2].map((component) => {
      const bytes = bytesOf(Array.from({ length: count }, (_, at) => sample(at, component)));
      return encode({ format: grey, bytes }, { quality: 100 }).bytes;
    });
    const rgb: FrameFormat = { ...format, ...depth, photometricInterpretation: 'RGB' };
    const expected = bytesOf(Array.from({ length: count * 3 }, (_, at) => sample(Math.floor(at / 3), at % 3)));
    assert.ok(Buffer.from(decode(joined(streams), rgb).bytes).equals(expected), `${bitsAllocated} bits`);
  }
});

test('transforms of components of Part 2 are refused with that reason', () => {
  const other = Buffer.from(deepColour);
  other[other.indexOf(Uint8Array.of(0xff, 0x52)) + 8] = 2;
  assert.throws(() => codecOf(`${root}.4.92`).decode?.(other, format), {
    code: 'Unsupported',
    message: /beyond Part 1/,
  });
});

test('samples of eight bits with sign keep it where sixteen are allocated', () => {
  const { encode, decode } = codecOf(`${root}.4.90`);
  assert.ok(encode && decode);
  const byte: FrameFormat = {
    ...format,
    ...{ samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7, isSigned: true },
    photometricInterpretation: 'MONOCHROME2',
  };
  const values = Int8Array.from({ length: format.rows * format.columns }, (_, at) => at);
  const { bytes } = encode({ format: byte, bytes: new Uint8Array(values.buffer) }, { quality: 100 });
  const decoded = decode(bytes, { ...byte, bitsAllocated: 16, bitsStored: 12, highBit: 11 });
  assert.deepEqual(new Int16Array(Uint8Array.from(decoded.bytes).buffer), Int16Array.from(values));
});

test('components of different sizes are refused', () => {
  const { decode } = codecOf(`${root}.4.90`);
  assert.ok(decode);
  for (const [at, value] of [
    [46, 2],
    [50, 2],
    [45, 7],
  ] as const) {
    const other = Buffer.from(deepColour);
    other[at] = value;
    assert.throws(() => decode(other, format), { code: 'Unsupported' }, `byte ${at}`);
  }
});
