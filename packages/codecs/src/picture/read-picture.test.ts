// PAM files come in without their transparency.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPicture } from './read-picture.ts';

const pam = (depth: number, maximum: number, samples: readonly number[]): Uint8Array => {
  const header = `P7\nWIDTH 2\nHEIGHT 1\nDEPTH ${depth}\nMAXVAL ${maximum}\nENDHDR\n`;
  return Buffer.concat([Buffer.from(header, 'latin1'), Uint8Array.from(samples)]);
};

test('the last channel of colour and of grey is left out', async () => {
  const colour = await readPicture(pam(4, 255, [1, 2, 3, 99, 4, 5, 6, 99]), 'image/x-portable-arbitrarymap');
  assert.equal(colour.kind, 'rgb8');
  assert.deepEqual([...colour.samples], [1, 2, 3, 4, 5, 6]);
  const grey = await readPicture(pam(2, 65_535, [1, 2, 99, 99, 3, 4, 99, 99]), 'image/x-portable-arbitrarymap');
  assert.equal(grey.kind, 'grey16');
  assert.deepEqual([...grey.samples], [0x102, 0x304]);
});

test('a file that ends early is damaged', async () => {
  const file = pam(4, 255, [1, 2, 3, 99, 4, 5, 6, 99]);
  await assert.rejects(readPicture(file.subarray(0, -1), 'image/x-portable-arbitrarymap'), { code: 'Damaged' });
});
