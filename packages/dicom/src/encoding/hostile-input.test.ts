// Files made to exhaust time, stack or memory are refused quickly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DicomError } from '../data-set/index.ts';
import { standardDictionary } from '../dictionary/index.ts';
import { toOrthancJson } from '../tag-formats/index.ts';
import { toDicomXml } from '../xml/index.ts';
import { createPart10Parser, encodeFileMeta, parseDataSet, parsePart10 } from './index.ts';

const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';
const quick = 500;

function words(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (const [at, value] of values.entries()) view.setUint16(at * 2, value, true);
  return new Uint8Array(view.buffer);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function repeat(part: Uint8Array, times: number): Uint8Array {
  const bytes = new Uint8Array(part.length * times);
  for (let at = 0; at < times; at++) bytes.set(part, at * part.length);
  return bytes;
}

const fileOf = (transferSyntax: string, ...parts: Uint8Array[]) =>
  join(encodeFileMeta({ sopClassUid: '1.2', sopInstanceUid: '1.2.3', transferSyntax }), ...parts);

function refuses(code: string, bytes: Uint8Array): void {
  const start = performance.now();
  const expected = (error: unknown) => error instanceof DicomError && error.code === code;
  assert.throws(() => parsePart10(bytes), expected);
  assert.throws(() => {
    const parser = createPart10Parser();
    for (let at = 0; at < bytes.length; at += 65536) parser.push(bytes.subarray(at, at + 65536));
    parser.finish();
  }, expected);
  assert.ok(performance.now() - start < quick, 'takes too long');
}

const letters = (text: string) => text.charCodeAt(0) | (text.charCodeAt(1) << 8);
const deep = 100_000;
const openItem = words(0xfffe, 0xe000, 0xffff, 0xffff);

test('100,000 nested sequences of undefined length', () => {
  const explicitLevel = join(words(0x0008, 0x1115, letters('SQ'), 0, 0xffff, 0xffff), openItem);
  const implicitLevel = join(words(0x0008, 0x1115, 0xffff, 0xffff), openItem);
  const unknownLevel = join(words(0x0009, 0x1010, letters('UN'), 0, 0xffff, 0xffff), openItem);
  refuses('TooDeep', fileOf(explicit, repeat(explicitLevel, deep)));
  refuses('TooDeep', fileOf(implicit, repeat(implicitLevel, deep)));
  refuses('TooDeep', fileOf(explicit, unknownLevel, repeat(implicitLevel, deep)));
});

/** Sequences in sequences, each with its true length, from the innermost out. */
function nestedWithLengths(isExplicit: boolean): Uint8Array {
  const header = isExplicit ? 20 : 16;
  const bytes = new Uint8Array(deep * header);
  for (let level = 0; level < deep; level++) {
    const left = bytes.length - level * header;
    const item = left - header;
    const sequence = item + 8;
    const high = (value: number) => [value & 0xffff, value >>> 16];
    const start = isExplicit ? [0x0008, 0x1115, letters('SQ'), 0] : [0x0008, 0x1115];
    bytes.set(words(...start, ...high(sequence), 0xfffe, 0xe000, ...high(item)), level * header);
  }
  return bytes;
}

test('100,000 nested sequences of defined length', () => {
  refuses('TooDeep', fileOf(explicit, nestedWithLengths(true)));
  refuses('TooDeep', fileOf(implicit, nestedWithLengths(false)));
});

test('lengths of 4 GB, at top level and nested', () => {
  refuses('TooLarge', fileOf(explicit, words(0x0008, 0x0005, letters('UT'), 0, 0xfff0, 0xffff)));
  refuses('TooLarge', fileOf(implicit, words(0x0008, 0x0005, 0xfff0, 0xffff)));
  const nested = join(openItem, words(0x0008, 0x0005, letters('UT'), 0, 0xfff0, 0xffff));
  refuses('TooLarge', fileOf(explicit, words(0x0008, 0x1115, letters('SQ'), 0, 0xffff, 0xffff), nested));
});

test('a length of 4 GB within an item of defined length costs the element alone', () => {
  const inner = words(0x0008, 0x0005, letters('UT'), 0, 0xfff0, 0xffff, 0x4141);
  const item = join(words(0xfffe, 0xe000, inner.length, 0), inner);
  const sequence = join(words(0x0008, 0x1115, letters('SQ'), 0, item.length, 0), item);
  const patient = words(0x0010, 0x0020, letters('LO'), 2, 0x3150);
  const { dataSet, problems } = parsePart10(fileOf(explicit, sequence, patient));
  assert.equal(dataSet.text(0x00100020), 'P1');
  assert.equal(dataSet.items(0x00081115)[0]?.text(0x00080005), 'AA');
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['Truncated'],
  );
});

test('a length of 4 GB of Pixel Data is a matter of those who read pixels', () => {
  const { pixelData } = parsePart10(fileOf(explicit, words(0x7fe0, 0x0010, letters('OW'), 0, 0xfff0, 0xffff)));
  assert.equal(pixelData?.length, 0xfffffff0);
});

test('more elements or items than allowed', () => {
  const options = { limits: { elements: 1000 } };
  const element = words(0x0008, 0x0005, 0, 0);
  const item = words(0xfffe, 0xe000, 0, 0);
  const sequence = words(0x0008, 0x1115, 0xffff, 0xffff);
  const refused = { code: 'TooManyElements' };
  assert.throws(() => parseDataSet(repeat(element, 1001), implicit, options), refused);
  assert.throws(() => parseDataSet(join(sequence, repeat(item, 1001)), implicit, options), refused);
  const defined = words(0x0008, 0x1115, 1001 * 8, 0);
  assert.throws(() => parseDataSet(join(defined, repeat(item, 1001)), implicit, options), refused);
});

test('many short sequences are read until there are more items and elements than allowed', () => {
  const sequence = (tag: number, ...content: Uint8Array[]) => {
    const length = content.reduce((sum, part) => sum + part.length, 0);
    return join(words(0x0040, tag, length, 0), ...content);
  };
  const emptyItem = words(0xfffe, 0xe000, 0, 0);
  const item = words(0xfffe, 0xe000, 8, 0, 0x0008, 0x0005, 0, 0);
  const open = join(openItem, words(0x0008, 0x0005, 0, 0), words(0xfffe, 0xe00d, 0, 0));
  const readAll = (content: Uint8Array, elements: number) => {
    const bytes = join(...[0x0008, 0x0260, 0x0275].map((tag) => sequence(tag, repeat(content, 10))));
    const { dataSet } = parseDataSet(bytes, implicit, { limits: { elements } });
    return [...dataSet.tags()].flatMap((tag) => dataSet.items(tag)).map((read) => read.size).length;
  };
  assert.equal(readAll(emptyItem, 30), 30);
  assert.equal(readAll(item, 60), 30);
  assert.equal(readAll(open, 60), 30);
  assert.throws(() => readAll(emptyItem, 29), { code: 'TooManyElements' });
  assert.throws(() => readAll(item, 59), { code: 'TooManyElements' });
  assert.throws(() => readAll(open, 59), { code: 'TooManyElements' });
});

test('a header larger than allowed, whatever the sizes of the chunks', () => {
  const bytes = fileOf(implicit, repeat(words(0x0009, 0x1000, 8, 0, 0, 0, 0, 0), 1000));
  for (const size of [100, 5000]) {
    const parser = createPart10Parser({ limits: { headerBytes: 10_000 } });
    assert.throws(
      () => {
        for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
      },
      { code: 'TooLarge' },
    );
  }
});

test('a deflated data set that the inflater refuses', () => {
  const inflateRaw = () => {
    throw new RangeError('too large');
  };
  assert.throws(() => parsePart10(fileOf('1.2.840.10008.1.2.1.99', new Uint8Array(100)), { inflateRaw }), {
    code: 'Malformed',
  });
});

test('a Specific Character Set of a million terms: only the first ones count', () => {
  const terms = new TextEncoder().encode(`ISO_IR 192${'\\'.repeat(1_000_000)}`);
  const charset = join(words(0x0008, 0x0005, terms.length & 0xffff, terms.length >>> 16), terms);
  const { dataSet } = parseDataSet(join(charset, words(0x0010, 0x0020, 2, 0, 0xa9c3)), implicit);
  assert.equal(dataSet.text(0x00100020), 'é');
  assert.ok(dataSet.codec.terms.length <= 1024);
});

test('a text of spaces with a letter at its end', () => {
  const spaces = new Uint8Array(300_000).fill(0x20);
  const text = join(words(0xe9e9), spaces, words(0x7820));
  const { dataSet } = parseDataSet(
    join(words(0x0010, 0x4000, text.length & 0xffff, text.length >>> 16), text),
    implicit,
  );
  const start = performance.now();
  assert.equal(dataSet.text(0x00104000)?.length, 300_004);
  assert.equal(toDicomXml(dataSet, { dictionary: standardDictionary }).length > 300_000, true);
  const shown = toOrthancJson(dataSet, { dictionary: standardDictionary, format: 'short', maximumLength: 0 });
  assert.equal(String(shown['0010,4000']).length, 300_004);
  assert.ok(performance.now() - start < quick, 'takes too long');
});

test('a cut behind more defects than are kept is told', () => {
  const disorder = repeat(words(0x0010, 0x0020, 2, 0, 0x3150), 200);
  const { problems } = parseDataSet(join(disorder, words(0x0020, 0x0010, 4, 0, 0x3131)), implicit);
  assert.ok(problems.length < 100);
  assert.ok(problems.some(({ code }) => code === 'Truncated'));
});

test('a million bytes in chunks of one byte take no more than linear time', () => {
  const bytes = fileOf(
    implicit,
    words(0x0009, 0x1000, 0x4240, 0x000f),
    new Uint8Array(1_000_000),
    words(0x7fe0, 0x0010, 0, 0),
  );
  const start = performance.now();
  const parser = createPart10Parser();
  for (let at = 0; at < bytes.length; at++) parser.push(bytes.subarray(at, at + 1));
  assert.equal(parser.finish().dataSet.size, 1);
  assert.ok(performance.now() - start < 5000);
});
