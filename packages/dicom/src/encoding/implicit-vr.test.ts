// Value representations that the bytes leave to the dictionary and to the data set: implicit encodings, UN.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type ElementInit } from '../data-set/index.ts';
import { encodeDataSet, parseDataSet } from './index.ts';

const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';
const sequence = 0x00081115;
const raw = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test('a value of implicit encoding that should be a sequence and is none is kept as it is', () => {
  const bytes = raw('\x08\x00\x15\x11\x0c\x00\x00\x00hello world!\x10\x00\x20\x00\x02\x00\x00\x00P1');
  const { dataSet } = parseDataSet(bytes, implicit);
  assert.equal(dataSet.vr(sequence), 'UN');
  assert.deepEqual(dataSet.bytes(sequence), raw('hello world!'));
  assert.equal(dataSet.element(sequence)?.items, undefined);
  const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit).dataSet;
  assert.deepEqual(again.bytes(sequence), raw('hello world!'));
  const empty = parseDataSet(raw('\x08\x00\x15\x11\x00\x00\x00\x00'), implicit).dataSet;
  assert.equal(empty.vr(sequence), 'SQ');
});

test('US or SS of implicit encoding is what Pixel Representation says, within items that of the data set around them', () => {
  const descriptor = 0x00283002;
  const lut = (...more: ElementInit[]): ElementInit[] => [{ tag: descriptor, vr: 'SS', value: [256, -5, 16] }, ...more];
  const pixelRepresentation = (value: number): ElementInit => ({ tag: 0x00280103, value });
  const items = (...around: ElementInit[]) => {
    const inits: ElementInit[] = [{ tag: 0x00283000, value: [lut(), lut(pixelRepresentation(0))] }, ...around];
    return parseDataSet(encodeDataSet(createDataSet(inits), implicit), implicit).dataSet.items(0x00283000);
  };
  assert.deepEqual(
    items(pixelRepresentation(1)).map((item) => item.numbers(descriptor)[1]),
    [-5, 65531],
  );
  assert.equal(items(pixelRepresentation(0))[0]?.vr(descriptor), 'US');
  assert.equal(items()[0]?.vr(descriptor), 'US');
});

test('UN of a known attribute is little endian in every encoding', () => {
  const bytes = raw('\x00\x28\x00\x10UN\0\0\x00\x00\x00\x02\x00\x02');
  assert.deepEqual(parseDataSet(bytes, '1.2.840.10008.1.2.2').dataSet.numbers(0x00280010), [512]);
});
