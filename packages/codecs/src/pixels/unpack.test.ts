// Frames become pictures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameFormat } from '../frame/index.ts';
import { pictureOf } from './unpack.ts';

const format: FrameFormat = {
  rows: 1,
  columns: 4,
  samplesPerPixel: 3,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  planarConfiguration: 0,
  photometricInterpretation: 'YBR_FULL',
};

test('brightness and colour become RGB without what is behind the point, at most 255 and at least 0', () => {
  const bytes = Uint8Array.of(1, 128, 127, 47, 149, 101, 255, 0, 255, 0, 255, 0);
  const { samples } = pictureOf({ format, bytes });
  assert.deepEqual([...samples], [0, 1, 1, 9, 59, 84, 255, 208, 28, 0, 47, 225]);
});

test('of two pixels side by side the colour is the same', () => {
  const bytes = Uint8Array.of(1, 47, 128, 127, 90, 90, 128, 128);
  const { samples } = pictureOf({ format: { ...format, photometricInterpretation: 'YBR_FULL_422' }, bytes });
  assert.deepEqual([...samples], [0, 1, 1, 45, 47, 47, 90, 90, 90, 90, 90, 90]);
});
