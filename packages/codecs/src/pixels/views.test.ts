// How pictures are shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodecError } from '../frame/index.ts';
import { clamped } from './views.ts';

const pixels = [1000, 1000, 1000, 65_535, 0, 0, 0, 0, 10];

test('colour of 16 bits has its brightness as numbers, colour of 8 bits has none', () => {
  const picture = { kind: 'rgb16', width: 3, height: 1, samples: Uint16Array.from(pixels) } as const;
  assert.deepEqual([...clamped(picture, 'uint16').samples], [1000, 13_932, 0]);
  assert.deepEqual([...clamped(picture, 'uint8').samples], [255, 255, 0]);
  assert.throws(() => clamped(picture, 'int16'), CodecError);
  const bytes = { kind: 'rgb8', width: 3, height: 1, samples: Uint8Array.from(pixels) } as const;
  assert.throws(() => clamped(bytes, 'uint16'), CodecError);
});
