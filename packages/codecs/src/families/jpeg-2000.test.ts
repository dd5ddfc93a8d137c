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
