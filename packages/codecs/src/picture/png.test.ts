// PNG files are what others take them for.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { createKernels } from '../native/index.ts';
import type { Picture } from '../pixels/index.ts';
import { encodePng } from './png.ts';

const kernels = createKernels();

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(file: Uint8Array): readonly Chunk[] {
  const bytes = Buffer.from(file);
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

const streamOf = (file: Uint8Array): Buffer =>
  Buffer.concat(chunksOf(file).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])));

/** Smooth, with some noise. */
function colour(width: number, height: number): Picture & { readonly samples: Uint8Array } {
  const samples = new Uint8Array(width * height * 3);
  let seed = 5;
  for (let at = 0; at < samples.length; at++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const [x, y] = [at % (width * 3), Math.floor(at / (width * 3))];
    samples[at] = (x * (1 + (at % 3))) / 9 + y / 2 + (seed > 2 ** 30 ? (seed / 2 ** 20) % 4 : 0);
  }
  return { kind: 'rgb8', width, height, samples };
}

test('colour comes back as it was, of every size', async () => {
  const sizes = [1, 2, 5, 6, 16, 17, 300].flatMap((width) => [1, 2, 3, 90].map((height) => [width, height] as const));
  for (const [width, height] of sizes) {
    const picture = colour(width, height);
    const { data, info } = await sharp(encodePng(picture, kernels)).raw().toBuffer({ resolveWithObject: true });
    assert.equal(info.channels, 3);
    assert.ok(data.equals(picture.samples), `${width} x ${height}`);
  }
});

test('colour of 16 bits comes back as it was', async () => {
  const samples = new Uint16Array(50 * 40 * 3).map((_, at) => at * 37);
  const file = encodePng({ kind: 'rgb16', width: 50, height: 40, samples }, kernels);
  const data = await sharp(file).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
  assert.deepEqual(new Uint16Array(new Uint8Array(data).buffer), samples);
});

test('the stream is in chunks of 8192 bytes', () => {
  const lengths = chunksOf(encodePng(colour(700, 300), kernels)).flatMap(({ type, data }) =>
    type === 'IDAT' ? [data.byteLength] : [],
  );
  assert.ok(lengths.length > 2);
  assert.deepEqual(new Set(lengths.slice(0, -1)), new Set([8192]));
});

test('a small picture tells of a small window', () => {
  const headOf = (width: number, height: number): number =>
    streamOf(encodePng(colour(width, height), kernels)).readUInt16BE(0);
  assert.deepEqual([headOf(1, 1), headOf(28, 3), headOf(28, 4)], [0x0899, 0x0899, 0x1895]);
  assert.deepEqual([headOf(1, 4096), headOf(1365, 4), headOf(1, 4097)], [0x6881, 0x6881, 0x789c]);
});

/** Of each line. */
function filtersOf(picture: Picture): readonly (number | undefined)[] {
  const lines = inflateSync(streamOf(encodePng(picture, kernels)));
  return Array.from({ length: picture.height }, (_, line) => lines[line * (picture.width * 3 + 1)]);
}

test('each line has the filter with the least sum, the first of those alike', () => {
  const row = [200, 100, 50, 210, 100, 40, 190, 120, 60];
  const other = [1, 255, 1, 255, 1, 255, 1, 255, 1];
  const samples = Uint8Array.from([...row, ...row, ...other, ...Array(9).fill(0), ...Array(9).fill(0)]);
  assert.deepEqual(filtersOf({ kind: 'rgb8', width: 3, height: 5, samples }), [1, 2, 0, 0, 0]);
  assert.deepEqual(filtersOf({ kind: 'rgb8', width: 1, height: 1, samples: samples.subarray(0, 3) }), [0]);
  const column = Uint8Array.from([...row.slice(0, 3), ...row.slice(0, 3)]);
  assert.deepEqual(filtersOf({ kind: 'rgb8', width: 1, height: 2, samples: column }), [0, 2]);
});

test('a file is the one that libpng 1.6.39 makes with zlib 1.2.13', () => {
  const digest = createHash('md5')
    .update(encodePng(colour(701, 503), kernels))
    .digest('hex');
  assert.equal(digest, '7701ead03cb6a0bbe12bd554f0f9c813');
});
