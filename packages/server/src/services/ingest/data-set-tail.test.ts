// Files that were cut are told from whole ones, wherever chunks end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSetTail, type TailStart } from './data-set-tail.ts';

type TailEncoding = Pick<TailStart, 'explicitVr' | 'littleEndian'>;

const explicit: TailEncoding = { explicitVr: true, littleEndian: true };
const implicit: TailEncoding = { explicitVr: false, littleEndian: true };

function element(group: number, number: number, vr: string, value: Buffer, length = value.length): Buffer {
  const long = ['OB', 'OW', 'SQ', 'UN'].includes(vr);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (long) head.writeUInt32LE(length, 8);
  else head.writeUInt16LE(length, 6);
  return Buffer.concat([head, value]);
}

function item(value: Buffer, length = value.length, number = 0xe000): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, value]);
}

const none = Buffer.alloc(0);
const endOfItem = item(none, 0, 0xe00d);
const endOfSequence = item(none, 0, 0xe0dd);
const undefinedLength = 0xffffffff;

/** Whether `bytes`, the value of Pixel Data and what follows, are accepted, in chunks of this size. */
function isWhole(bytes: Buffer, length: number, chunk: number, encoding = explicit): boolean {
  const header = 100;
  const tail = createDataSetTail(header, { valueOffset: header, length, ...encoding });
  for (let at = 0; at < bytes.length; at += chunk) tail.push(bytes.subarray(at, at + chunk));
  try {
    tail.finish();
    return true;
  } catch {
    return false;
  }
}

const pixels = Buffer.alloc(1000, 0xfe);
const fragments = Buffer.concat([item(none), item(Buffer.alloc(50, 1)), item(Buffer.alloc(700, 2)), endOfSequence]);
const nested = element(
  0xfffa,
  0xfffa,
  'SQ',
  Buffer.concat([
    item(Buffer.concat([element(0x0400, 0x0005, 'US', Buffer.alloc(2)), endOfItem]), undefinedLength),
    item(element(0x0400, 0x0115, 'CS', Buffer.from('SHA1'))),
    endOfSequence,
  ]),
  undefinedLength,
);
const padding = element(0xfffc, 0xfffc, 'OB', Buffer.alloc(31));
const sizes = [1, 3, 7, 8, 11, 64, 5000];

test('whole files are taken, with native and encapsulated pixels and elements behind them', () => {
  for (const chunk of sizes) {
    assert.ok(isWhole(pixels, pixels.length, chunk));
    assert.ok(isWhole(Buffer.concat([pixels, nested, padding]), pixels.length, chunk));
    assert.ok(isWhole(fragments, undefinedLength, chunk));
    assert.ok(isWhole(Buffer.concat([fragments, padding, nested]), undefinedLength, chunk));
  }
});

test('a file cut at any byte is refused, but between two elements', () => {
  const whole = Buffer.concat([pixels, nested, padding]);
  const between = new Set([pixels.length, pixels.length + nested.length, whole.length]);
  for (const chunk of [7, 5000]) {
    for (let end = 0; end <= whole.length; end++) {
      assert.equal(isWhole(whole.subarray(0, end), pixels.length, chunk), between.has(end), `cut at ${end}`);
    }
    for (let end = 0; end < fragments.length; end++) {
      assert.ok(!isWhole(fragments.subarray(0, end), undefinedLength, chunk), `cut at ${end}`);
    }
  }
});

test('zeros behind the pixels are taken as empty elements of eight bytes, as Orthanc does', () => {
  for (const encoding of [explicit, implicit]) {
    for (const chunk of sizes) {
      assert.ok(isWhole(Buffer.concat([pixels, Buffer.alloc(96)]), pixels.length, chunk, encoding));
      assert.ok(!isWhole(Buffer.concat([pixels, Buffer.alloc(98)]), pixels.length, chunk, encoding));
    }
  }
});

test('elements behind the pixels whose letters are no VR are passed by their length', () => {
  const unknown = Buffer.concat([element(0xfffc, 0xfffc, 'OB', Buffer.alloc(30))]);
  unknown.write('ZZ', 4, 'latin1');
  const marked = element(0xfffc, 0xfffc, '??', Buffer.alloc(30));
  for (const chunk of sizes) {
    assert.ok(isWhole(Buffer.concat([pixels, marked, unknown, nested]), pixels.length, chunk));
    assert.ok(!isWhole(Buffer.concat([pixels, marked, unknown.subarray(0, -1)]), pixels.length, chunk));
  }
});

test('half an element or noise behind the pixels is refused', () => {
  for (const encoding of [explicit, implicit]) {
    assert.ok(!isWhole(Buffer.concat([pixels, Buffer.alloc(100)]), pixels.length, 64, encoding));
    assert.ok(!isWhole(Buffer.concat([pixels, Buffer.alloc(99, 0x81)]), pixels.length, 64, encoding));
  }
});

test('sequences nested without end cost no memory', () => {
  const level = Buffer.concat([element(0x7fe1, 0x1001, 'SQ', none, undefinedLength), item(none, undefinedLength)]);
  const bytes = Buffer.concat([pixels, ...Array.from({ length: 10_000 }, () => level)]);
  assert.ok(!isWhole(bytes, pixels.length, 5000));
});
