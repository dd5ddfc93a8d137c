// Streams are those of zlib.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { createKernels } from '../native/index.ts';
import { deflate } from './deflate.ts';

const kernels = createKernels();

/** @param length a divisor of that of the bytes */
function compressed(bytes: Uint8Array, length: number): Buffer {
  const pieces = deflate(kernels, {
    count: length === 0 ? 0 : bytes.byteLength / length,
    length,
    room: () => 0,
    load(kernel, first, count, to) {
      kernel.bytes(to, count * length).set(bytes.subarray(first * length, (first + count) * length));
    },
  });
  return Buffer.concat(pieces);
}

function createRandom(): () => number {
  let seed = 99;
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
}

/** @param at makes the byte of a place from those before it */
function madeOf(length: number, at: (random: () => number, bytes: Uint8Array, place: number) => number): Uint8Array {
  const bytes = new Uint8Array(length);
  const random = createRandom();
  for (let place = 0; place < length; place++) bytes[place] = at(random, bytes, place);
  return bytes;
}

/** As far back as a match reaches, and a little farther. */
const farther = (distance: number): Uint8Array =>
  madeOf(300_000, (random, bytes, place) =>
    random() < 0.001 || place < distance ? random() * 256 : (bytes[place - distance] ?? 0),
  );

/** Other bytes with the same hash as six zeros are looked for among these. */
const amongZeros = (): Uint8Array => {
  const bytes = madeOf(100_000, (random, _, place) => (place % 3000 < 1200 ? 0 : random() * 3));
  const sameHash = [2, 2, 1, 4, 4, 0, 9, 9];
  for (let place = 1200; place < bytes.length - 8; place += 2999) bytes.set(sameHash, place);
  return bytes;
};

/** The window of zlib moves on by 32,768 when 65,274 bytes are done: what was there is not seen any more, if it moves just then. */
const whereItMoves = (length: number): Uint8Array => {
  const bytes = madeOf(length, (random) => random() * 4);
  for (const place of [32_768, 65_274]) bytes.set([31, 30, 29, 28, 27, 26, 25, 24, 23, 22], place);
  return bytes;
};

const inputs: Readonly<Record<string, Uint8Array>> = {
  none: new Uint8Array(0),
  one: Uint8Array.of(7),
  few: Uint8Array.of(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3),
  zeros: new Uint8Array(200_000),
  noise: madeOf(200_000, (random) => random() * 256),
  'few values': madeOf(300_000, (random) => random() ** 4 * 8),
  'a long code': madeOf(70_000, (random) => -Math.log2(random() + 2 ** -22) * 4),
  slopes: madeOf(150_000, (random, bytes, place) => (bytes[place - 1] ?? 0) + random() ** 6 * 3),
  'among zeros': amongZeros(),
  'where the window moves': whereItMoves(65_374),
  'before the window moves': whereItMoves(65_700),
  ...Object.fromEntries([32_505, 32_506, 32_507, 32_768].map((distance) => [`back by ${distance}`, farther(distance)])),
};

test('what was compressed comes back', () => {
  for (const [name, bytes] of Object.entries(inputs)) {
    assert.ok(inflateSync(compressed(bytes, bytes.byteLength)).equals(bytes), name);
  }
  const some = fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(2000)), { maxLength: 60 });
  fc.assert(
    fc.property(some, (parts) => {
      const bytes = Buffer.concat(parts.map(([part, count]) => Buffer.alloc(part.length && count, part)));
      assert.ok(inflateSync(compressed(bytes, bytes.byteLength)).equals(bytes));
      assert.ok(inflateSync(compressed(bytes, Math.min(1, bytes.byteLength))).equals(bytes));
    }),
    { numRuns: 50 },
  );
});

const script = `
import base64, sys, zlib
for line in sys.stdin:
  data = base64.b64decode(line)
  one = zlib.compressobj(6, zlib.DEFLATED, 15, 8, zlib.Z_FILTERED)
  print(base64.b64encode(one.compress(data) + one.flush()).decode())
`;

/** What zlib makes of each. */
function ofZlib(all: readonly Uint8Array[]): readonly Buffer[] | undefined {
  const input = all.map((bytes) => `${Buffer.from(bytes).toString('base64')}\n`).join('');
  const { status, stdout } = spawnSync('python3', ['-c', script], { input, encoding: 'latin1', maxBuffer: 2 ** 28 });
  return status === 0 ? stdout.split('\n').map((line) => Buffer.from(line, 'base64')) : undefined;
}

test('streams are the same as those of zlib', (context) => {
  const expected = ofZlib(Object.values(inputs));
  if (!expected) {
    context.skip('there is no python3');
    return;
  }
  for (const [index, [name, bytes]] of Object.entries(inputs).entries()) {
    assert.ok(expected[index]?.equals(compressed(bytes, bytes.byteLength)), name);
  }
});
