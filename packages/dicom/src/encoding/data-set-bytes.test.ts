// What a file is without its meta header, however it comes in pieces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, dataSetBytes, encodeDataSet, encodePart10, Tag } from '../index.ts';

const transferSyntax = '1.2.840.10008.1.2.1';
const dataSet = createDataSet([
  { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
  { tag: Tag.SOPInstanceUID, value: '1.2.3' },
  { tag: Tag.PatientComments, value: 'x'.repeat(500) },
]);
const bytes = encodeDataSet(dataSet, transferSyntax);
const file = encodePart10({ dataSet, transferSyntax });

async function* pieces(of: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < of.length; at += length) yield of.subarray(at, at + length);
}

async function without(of: Uint8Array, length: number): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(dataSetBytes(pieces(of, length))));
}

for (const length of [1, 7, 132, 300, 100_000]) {
  test(`a data set out of a file in pieces of ${length} bytes`, async () => {
    assert.deepEqual(Buffer.from(await without(file, length)), Buffer.from(bytes));
  });
  test(`a data set that has no meta header, in pieces of ${length} bytes`, async () => {
    assert.deepEqual(Buffer.from(await without(bytes, length)), Buffer.from(bytes));
  });
}

test('a file that is cut off in its meta header, or never leaves it', async () => {
  await assert.rejects(without(file.subarray(0, 200), 50), { code: 'Truncated' });
  const endless = new Uint8Array(2_000_000);
  endless.set(file.subarray(0, 132));
  const view = new DataView(endless.buffer);
  view.setUint16(132, 2, true);
  endless.set([0x4f, 0x42], 136);
  view.setUint32(140, 0xffffffff, true);
  await assert.rejects(without(endless, 65536), { code: 'TooLarge' });
});
