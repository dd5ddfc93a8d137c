// Making data sets of values, and new ones of old ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, DicomError, type ElementInit, editDataSet } from './index.ts';

const patientName = 0x00100010;
const rows = 0x00280010;

test('elements ascend whatever their order; the last of one tag counts', () => {
  const dataSet = createDataSet([
    { tag: rows, value: 1 },
    { tag: patientName, value: 'A' },
    { tag: rows, value: 2 },
  ]);
  assert.deepEqual([...dataSet.tags()], [patientName, rows]);
  assert.equal(dataSet.number(rows), 2);
  assert.equal(dataSet.size, 2);
});

test('values are padded to even length: UI and bytes with NUL, text with a space', () => {
  const dataSet = createDataSet([
    { tag: 0x00080018, value: '1.2' },
    { tag: patientName, value: 'A' },
    { tag: 0x00420011, vr: 'OB', value: Uint8Array.of(1) },
  ]);
  assert.deepEqual([...(dataSet.bytes(0x00080018) ?? [])], [0x31, 0x2e, 0x32, 0]);
  assert.deepEqual([...(dataSet.bytes(patientName) ?? [])], [0x41, 0x20]);
  assert.deepEqual([...(dataSet.bytes(0x00420011) ?? [])], [1, 0]);
});

test('a number as DS has at most 16 characters', () => {
  for (const number of [1 / 3, -1 / 3, 1e-300 / 3, 123456789.1234567, -1.7976931348623157e308]) {
    const text = createDataSet([{ tag: 0x00281050, value: number }]).text(0x00281050) ?? '';
    assert.ok(text.length <= 16, text);
    assert.ok(Math.abs(Number(text) - number) <= Math.abs(number) * 1e-8, text);
  }
});

test('values that a representation cannot hold are refused without being named', () => {
  const wrong: ElementInit[] = [
    { tag: rows, value: 70000 },
    { tag: rows, value: 'many' },
    { tag: rows, value: 1.5 },
    { tag: 0x00111001, vr: 'UV', value: -1 },
    { tag: 0x00280009, value: 'nothing' },
    { tag: 0x00081115, value: 'text' },
    { tag: 0x00281050, value: Number.NaN },
    { tag: 0x00281050, value: [1, Number.POSITIVE_INFINITY] },
    { tag: 0x00200013, value: 1.5 },
    { tag: 0x00200013, value: 2 ** 31 },
  ];
  for (const init of wrong) {
    assert.throws(
      () => createDataSet([init]),
      (error) => error instanceof DicomError && error.code === 'Malformed' && !error.message.includes('many'),
    );
  }
});

test('nesting has an end', () => {
  let entries: readonly ElementInit[] = [];
  for (let depth = 0; depth < 200; depth++) entries = [{ tag: 0x00081115, value: [entries] }];
  assert.throws(() => createDataSet(entries), { code: 'TooDeep' });
});

test('an edited data set keeps what is not named and leaves the old one alone', () => {
  const old = createDataSet([
    { tag: 0x00080005, value: 'ISO_IR 192' },
    { tag: patientName, value: 'Ä' },
    { tag: 0x00100020, value: 'ID' },
    { tag: 0x00081115, value: [[{ tag: rows, value: 3 }]] },
  ]);
  const edited = editDataSet(
    old,
    [
      { tag: 0x00100030, value: '20000101' },
      { tag: 0x00100020, value: 'Ö' },
    ],
    (tag) => tag !== rows,
  );
  assert.equal(edited.text(patientName), 'Ä');
  assert.equal(edited.text(0x00100020), 'Ö');
  assert.equal(edited.text(0x00100030), '20000101');
  assert.equal(edited.items(0x00081115)[0]?.number(rows), 3);
  assert.equal(editDataSet(old, [], (tag) => tag !== patientName).has(patientName), false);
  assert.equal(old.text(0x00100020), 'ID');
});

test('a data set of another character set than before has all its text in that one', () => {
  const old = createDataSet([
    { tag: 0x00080005, value: 'ISO_IR 100' },
    { tag: patientName, value: 'Müller' },
    { tag: 0x00100020, value: 'ID' },
    {
      tag: 0x00081115,
      value: [
        [{ tag: 0x00081030, value: 'Größe' }],
        [
          { tag: 0x00080005, value: 'ISO_IR 144' },
          { tag: 0x00081030, value: 'Щ' },
        ],
      ],
    },
  ]);
  const edited = editDataSet(old, [{ tag: 0x00080005, value: 'ISO_IR 192' }]);
  assert.deepEqual(edited.bytes(patientName), new TextEncoder().encode('Müller '));
  assert.equal(edited.text(0x00100020), 'ID');
  const [plain, own] = edited.items(0x00081115);
  assert.equal(plain?.text(0x00081030), 'Größe');
  assert.deepEqual(plain?.bytes(0x00081030), new TextEncoder().encode('Größe '));
  assert.equal(own?.text(0x00081030), 'Щ');
  assert.equal(own?.bytes(0x00081030)?.[0], 0xc9);
});
