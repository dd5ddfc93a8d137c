// What `text`, `texts` and `numbers` of a data set show for each kind of value.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type ElementInit } from './index.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const one = (init: ElementInit) => createDataSet([init]);
const tag = 0x00111001;

test('text ends at the first NUL and without spaces; spaces before it stay', () => {
  assert.equal(one({ tag, vr: 'LO', value: bytesOf('  a b  ') }).text(tag), '  a b');
  assert.equal(one({ tag, vr: 'SH', value: bytesOf('a\0b ') }).text(tag), 'a');
  assert.equal(one({ tag, vr: 'LT', value: bytesOf('a\r\n') }).text(tag), 'a\r\n');
  assert.equal(one({ tag, vr: 'CS', value: bytesOf('    ') }).text(tag), '');
});

test('a UID has no white space at all', () => {
  assert.equal(one({ tag, vr: 'UI', value: bytesOf(' 1.2 .3\0') }).text(tag), '1.2.3');
});

test('long and short text read alike', () => {
  const long = 'abcdefghij'.repeat(100);
  assert.equal(one({ tag, vr: 'UT', value: long }).text(tag), long);
});

test('text of other alphabets follows the character set, in items that of the data set around them', () => {
  const dataSet = createDataSet([
    { tag: 0x00080005, value: 'ISO_IR 192' },
    { tag: 0x00100010, value: 'Ärzte^Jürgen' },
    { tag: 0x00081115, value: [[{ tag: 0x00081030, value: 'Größe' }]] },
  ]);
  assert.equal(dataSet.text(0x00100010), 'Ärzte^Jürgen');
  assert.equal(dataSet.bytes(0x00100010)?.length, 14);
  assert.equal(dataSet.items(0x00081115)[0]?.text(0x00081030), 'Größe');
});

test('numbers are joined by backslashes', () => {
  assert.equal(one({ tag, vr: 'US', value: [1, 65535] }).text(tag), '1\\65535');
  assert.equal(one({ tag, vr: 'SL', value: [-2147483648] }).text(tag), '-2147483648');
  assert.equal(one({ tag, vr: 'SV', value: [-5n, 9007199254740993n] }).text(tag), '-5\\9007199254740993');
  assert.equal(one({ tag, vr: 'UV', value: '18446744073709551615' }).text(tag), '18446744073709551615');
  assert.equal(one({ tag, vr: 'AT', value: [0x00100010, '7fe0,0010'] }).text(tag), '0010,0010\\7fe0,0010');
  assert.deepEqual(one({ tag, vr: 'FD', value: '1.5\\-2' }).numbers(tag), [1.5, -2]);
});

test('decimal and integer strings are numbers too; what is none is NaN', () => {
  const dataSet = one({ tag, vr: 'DS', value: bytesOf('1.50\\ 2 \\x ') });
  assert.deepEqual(dataSet.texts(tag), ['1.50', '2', 'x']);
  assert.deepEqual(dataSet.numbers(tag), [1.5, 2, Number.NaN]);
  assert.equal(dataSet.number(tag), 1.5);
  const odd = one({ tag, vr: 'DS', value: bytesOf('1,5\\0x10\\Infinity\\.5\\+1.e2\\-') });
  assert.deepEqual(odd.numbers(tag), [1.5, Number.NaN, Number.NaN, 0.5, 100, Number.NaN]);
  assert.equal(one({ tag, vr: 'IS', value: '' }).number(tag), undefined);
});

test('a backslash in a text of one value is a character', () => {
  assert.deepEqual(one({ tag, vr: 'ST', value: 'a\\b' }).texts(tag), ['a\\b']);
});

test('absent, binary and nested elements have no text, nor have numbers without value; empty text is empty', () => {
  assert.equal(createDataSet([]).text(tag), undefined);
  assert.equal(one({ tag, vr: 'OB', value: Uint8Array.of(65, 66) }).text(tag), undefined);
  assert.equal(one({ tag, vr: 'SQ', value: [[]] }).text(tag), undefined);
  assert.equal(one({ tag, vr: 'US', value: [] }).text(tag), undefined);
  assert.equal(one({ tag, vr: 'PN', value: '' }).text(tag), '');
});

test('UN of an attribute that the dictionary knows as text is text, with what may be padding', () => {
  assert.equal(one({ tag: 0x00100020, vr: 'UN', value: bytesOf('PAT1 ') }).text(0x00100020), 'PAT1 ');
  assert.equal(one({ tag: 0x00280010, vr: 'UN', value: Uint8Array.of(1, 0) }).text(0x00280010), undefined);
});

test('a private element knows its creator', () => {
  const dataSet = createDataSet([
    { tag: 0x00110010, vr: 'LO', value: 'ACME 1 ' },
    { tag, vr: 'LO', value: 'x' },
    { tag: 0x00111101, vr: 'LO', value: 'x' },
  ]);
  assert.equal(dataSet.privateCreatorOf(tag), 'ACME 1');
  assert.equal(dataSet.privateCreatorOf(0x00111101), undefined);
  assert.equal(dataSet.privateCreatorOf(0x00110010), undefined);
});

test('a private creator longer than LO can be is none: it would come again with each element of its block', () => {
  const block = (creator: string) =>
    createDataSet([
      { tag: 0x00110010, vr: 'UT', value: creator },
      { tag, vr: 'LO', value: 'x' },
    ]);
  assert.equal(block('A'.repeat(64)).privateCreatorOf(tag), 'A'.repeat(64));
  assert.equal(block('A'.repeat(65)).privateCreatorOf(tag), undefined);
});
