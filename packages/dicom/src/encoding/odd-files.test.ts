// Files as they are met in the field, against the standard: they are read, and what is wrong is reported.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type ElementInit, type Problem } from '../data-set/index.ts';
import {
  createPart10Parser,
  encodeDataSet,
  encodeFileMeta,
  encodePart10,
  type ParsedFile,
  parseDataSet,
  parsePart10,
} from './index.ts';

const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';
const bigEndian = '1.2.840.10008.1.2.2';
const preamble = 132;
const patientId = 0x00100020;
const rows = 0x00280010;
const sequence = 0x00081115;

const elements: ElementInit[] = [
  { tag: 0x00080005, value: 'ISO_IR 100' },
  { tag: 0x00080016, value: '1.2.840.10008.5.1.4.1.1.2' },
  { tag: 0x00080018, value: '1.2.3' },
  { tag: sequence, value: [[{ tag: 0x00081150, value: '1.2' }], [{ tag: 0x00081150, value: '1.4' }]] },
  { tag: patientId, value: 'P1' },
  { tag: rows, value: 512 },
];

const encoded = (transferSyntax: string, inits = elements) => encodeDataSet(createDataSet(inits), transferSyntax);
const metaOf = (transferSyntax: string) =>
  encodeFileMeta({ sopClassUid: '1.2', sopInstanceUid: '1.2.3', transferSyntax });

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** `text`: letters as they are, `\x00` and the like for bytes. */
const raw = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const codesOf = (problems: readonly Problem[]) => problems.map(({ code }) => code);

function isWhole({ dataSet }: ParsedFile): void {
  assert.equal(dataSet.text(patientId), 'P1');
  assert.equal(dataSet.number(rows), 512);
  assert.deepEqual(
    dataSet.items(sequence).map((item) => item.text(0x00081150)),
    ['1.2', '1.4'],
  );
}

test('no preamble and no meta header: the encoding is guessed', () => {
  for (const transferSyntax of [implicit, explicit, bigEndian]) {
    const parsed = parsePart10(encoded(transferSyntax));
    isWhole(parsed);
    assert.equal(parsed.transferSyntax, transferSyntax);
    assert.equal(parsed.hasMeta, false);
    assert.equal(parsed.meta.size, 0);
    assert.deepEqual(codesOf(parsed.problems), ['NoMetaHeader']);
  }
});

test('a meta header without preamble, and one that begins with DICM', () => {
  const file = encodePart10({ dataSet: createDataSet(elements), transferSyntax: implicit });
  for (const start of [preamble, preamble - 4]) {
    const parsed = parsePart10(file.subarray(start));
    isWhole(parsed);
    assert.equal(parsed.hasMeta, true);
    assert.equal(parsed.transferSyntax, implicit);
  }
});

test('a wrong or missing group length of the meta header', () => {
  const file = encodePart10({ dataSet: createDataSet(elements), transferSyntax: explicit });
  const wrong = file.slice();
  wrong[preamble + 8] = 7;
  const missing = join(file.subarray(0, preamble), file.subarray(preamble + 12));
  for (const bytes of [wrong, missing]) {
    const parsed = parsePart10(bytes);
    isWhole(parsed);
    assert.deepEqual(codesOf(parsed.problems), ['GroupLength']);
  }
});

test('no transfer syntax, or one that nobody knows', () => {
  for (const transferSyntax of ['', '1.2.3.4.5']) {
    for (const truth of [implicit, explicit, bigEndian]) {
      const parsed = parsePart10(join(metaOf(transferSyntax), encoded(truth)));
      isWhole(parsed);
      assert.equal(parsed.transferSyntax, transferSyntax || truth);
      assert.deepEqual(codesOf(parsed.problems), ['UnknownTransferSyntax']);
    }
  }
});

test('a data set in another encoding than its meta header says', () => {
  for (const said of [implicit, explicit, bigEndian]) {
    for (const truth of [implicit, explicit, bigEndian].filter((uid) => uid !== said)) {
      const parsed = parsePart10(join(metaOf(said), encoded(truth)));
      isWhole(parsed);
      assert.equal(parsed.transferSyntax, said);
      assert.deepEqual(codesOf(parsed.problems), ['EncodingMismatch'], `${said} ${truth}`);
    }
  }
});

test('implicit elements among explicit ones', () => {
  const stray = raw('\x08\x00\x50\x00\x04\x00\x00\x00ACC1');
  const before = encoded(explicit, elements.slice(0, 3));
  const parsed = parseDataSet(join(before, stray, encoded(explicit, elements.slice(3))), explicit);
  assert.equal(parsed.dataSet.text(0x00080050), 'ACC1');
  assert.equal(parsed.dataSet.text(patientId), 'P1');
  assert.deepEqual(codesOf(parsed.problems), ['InvalidVr']);
});

test('letters that are no value representation', () => {
  for (const header of ['??\x04\x00', '  \x04\x00', 'XX\x00\x00\x04\x00\x00\x00', 'ZZ\x04\x00']) {
    const bytes = join(raw(`\x08\x00\x50\x00${header}ACC1`), raw('\x10\x00\x20\x00LO\x02\x00P1'));
    const { dataSet, problems } = parseDataSet(bytes, explicit);
    assert.equal(dataSet.text(0x00080050), 'ACC1', header);
    assert.equal(dataSet.text(patientId), 'P1', header);
    assert.deepEqual(codesOf(problems), ['InvalidVr']);
  }
});

test('values of odd length', () => {
  const { dataSet, problems } = parseDataSet(raw('\x10\x00\x20\x00LO\x03\x00ABC\x10\x00\x30\x00DA\x00\x00'), explicit);
  assert.equal(dataSet.text(patientId), 'ABC');
  assert.equal(dataSet.text(0x00100030), '');
  assert.deepEqual(problems, []);
});

test('duplicate tags, of which the first counts, and tags out of order', () => {
  const bytes = raw('\x10\x00\x20\x00LO\x02\x00P1\x08\x00\x60\x00CS\x02\x00CT\x10\x00\x20\x00LO\x02\x00P2');
  const { dataSet, problems } = parseDataSet(bytes, explicit);
  assert.deepEqual([...dataSet.tags()], [0x00080060, patientId]);
  assert.equal(dataSet.text(patientId), 'P1');
  assert.equal(problems.length, 1);
  assert.deepEqual(encodeDataSet(dataSet, explicit), bytes);
});

const openSequence = '\x08\x00\x15\x11SQ\0\0\xff\xff\xff\xff';
const openItem = '\xfe\xff\x00\xe0\xff\xff\xff\xff';
const endOfItem = '\xfe\xff\x0d\xe0\0\0\0\0';
const endOfSequence = '\xfe\xff\xdd\xe0\0\0\0\0';
const inner = (uid: string) => `\x08\x00\x50\x11UI\x04\x00${uid}\0`;
const after = '\x10\x00\x20\x00LO\x02\x00P1';

test('missing delimitation items', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['item', openSequence + openItem + inner('1.2') + endOfSequence + after],
    [
      'between items',
      openSequence + openItem + inner('1.2') + openItem + inner('1.4') + endOfItem + endOfSequence + after,
    ],
    ['sequence', openSequence + openItem + inner('1.2') + endOfItem + after],
  ];
  for (const [name, text] of cases) {
    const { dataSet, problems } = parseDataSet(raw(text), explicit);
    assert.equal(dataSet.text(patientId), 'P1', name);
    assert.equal(dataSet.items(sequence)[0]?.text(0x00081150), '1.2', name);
    assert.ok(codesOf(problems).includes('Delimiter'), name);
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    assert.equal(again.dataSet.text(patientId), 'P1', name);
    assert.deepEqual(again.problems, [], name);
  }
});

test('delimitation items where none belongs', () => {
  const { dataSet, problems } = parseDataSet(raw(endOfItem + after + endOfSequence), explicit);
  assert.equal(dataSet.text(patientId), 'P1');
  assert.deepEqual(codesOf(problems), ['Delimiter', 'Delimiter']);
});

test('an item longer than its sequence is cut', () => {
  const item = `\xfe\xff\x00\xe0\xff\x00\x00\x00${inner('1.2')}`;
  const { dataSet } = parseDataSet(
    raw(`\x08\x00\x15\x11SQ\0\0${String.fromCharCode(item.length)}\0\0\0${item}${after}`),
    explicit,
  );
  assert.equal(dataSet.items(sequence)[0]?.text(0x00081150), '1.2');
  assert.equal(dataSet.text(patientId), 'P1');
});

test('UN of undefined length holds items in implicit little endian; UN of defined length stays as it is', () => {
  const item = '\xfe\xff\x00\xe0\x0a\x00\x00\x00\x10\x00\x20\x00\x02\x00\x00\x00P1';
  const open = `\x09\x00\x10\x10UN\0\0\xff\xff\xff\xff${item}${endOfSequence}`;
  const { dataSet } = parseDataSet(raw(`${open}\x09\x00\x11\x10UN\0\0\x12\x00\x00\x00${item}`), explicit);
  assert.equal(dataSet.vr(0x00091010), 'SQ');
  assert.equal(dataSet.items(0x00091010)[0]?.text(patientId), 'P1');
  assert.equal(dataSet.vr(0x00091011), 'UN');
  assert.deepEqual(dataSet.bytes(0x00091011), raw(item));
  const other = parseDataSet(encodeDataSet(dataSet, bigEndian), bigEndian).dataSet;
  assert.equal(other.items(0x00091010)[0]?.text(patientId), 'P1');
});

test('zeros and garbage behind the last element', () => {
  for (const syntax of [explicit, implicit]) {
    const zeros = parsePart10(join(metaOf(syntax), encoded(syntax), new Uint8Array(96)));
    isWhole(zeros);
    assert.deepEqual(codesOf(zeros.problems), ['Padding']);
  }
  const garbage = parsePart10(join(metaOf(explicit), encoded(explicit), raw('\x0a\x1a\x03')));
  isWhole(garbage);
  assert.deepEqual(codesOf(garbage.problems), ['TrailingBytes']);
});

test('elements behind zeros are read', () => {
  const pixels: ElementInit[] = [{ tag: 0x7fe00010, vr: 'OW', value: Uint8Array.of(1, 2) }];
  for (const syntax of [explicit, implicit]) {
    const bytes = join(metaOf(syntax), encoded(syntax), new Uint8Array(16), encoded(syntax, pixels));
    const parsed = parsePart10(bytes, { stopAt: 'end' });
    isWhole(parsed);
    assert.equal(parsed.pixelData?.length, 2);
    assert.deepEqual(parsed.dataSet.bytes(0x7fe00010), Uint8Array.of(1, 2));
    assert.deepEqual(codesOf(parsed.problems), ['Padding']);
    assert.equal(parseDataSet(encodeDataSet(parsed.dataSet, syntax), syntax).problems.length, 0);
  }
});

test('a data set that is cut keeps what was whole', () => {
  const bytes = encodePart10({ dataSet: createDataSet(elements), transferSyntax: explicit });
  const { dataSet, problems } = parsePart10(bytes.subarray(0, bytes.length - 1));
  assert.equal(dataSet.text(patientId), 'P1');
  assert.deepEqual(codesOf(problems), ['Truncated']);
});

test('what is no DICOM at all', () => {
  for (const text of [
    '',
    'DICM',
    'hello, world: this is text',
    '{"a":1}',
    '\x1f\x8b\x08\0\0\0\0\0\0\0\0\0',
    'PK\x03\x04xxxxxxxx',
  ]) {
    assert.throws(() => parsePart10(raw(text)), { code: 'NotDicom' }, text);
  }
});

test('Pixel Data is found where it is', () => {
  const pixels: ElementInit = { tag: 0x7fe00010, vr: 'OW', value: Uint8Array.of(1, 2, 3, 4) };
  const tail: ElementInit = { tag: 0xfffcfffc, vr: 'OB', value: new Uint8Array(4) };
  const bytes = encodePart10({ dataSet: createDataSet([...elements, pixels, tail]), transferSyntax: explicit });
  const { dataSet, pixelData } = parsePart10(bytes);
  const valueOffset = bytes.length - 16 - 4;
  const place = { tag: 0x7fe00010, vr: 'OW', offset: valueOffset - 12, valueOffset, length: 4 };
  assert.deepEqual(pixelData, { ...place, explicitVr: true, littleEndian: true });
  assert.equal(dataSet.has(0x7fe00010), false);
  const whole = parsePart10(bytes, { stopAt: 'end' });
  assert.deepEqual(whole.dataSet.bytes(0x7fe00010), Uint8Array.of(1, 2, 3, 4));
  assert.equal(whole.dataSet.has(0xfffcfffc), true);
  assert.deepEqual(whole.pixelData, pixelData);
});

test('encapsulated Pixel Data gives its offset table and fragments', () => {
  const fragments = [Uint8Array.of(0, 0, 0, 0), raw('\xfe\xff\xdd\xe0\0\0\0\0'), Uint8Array.of(5, 6)];
  const dataSet = createDataSet([...elements, { tag: 0x7fe00010, vr: 'OB', value: { fragments } }]);
  const bytes = encodePart10({ dataSet, transferSyntax: '1.2.840.10008.1.2.4.50' });
  const parsed = parsePart10(bytes, { stopAt: 'end' });
  assert.equal(parsed.pixelData?.length, 0xffffffff);
  assert.deepEqual(parsed.dataSet.element(0x7fe00010)?.fragments, fragments);
  assert.equal(parsed.dataSet.bytes(0x7fe00010), undefined);
  assert.deepEqual(parsed.problems, []);
});

test('values given as Buffer stay untouched by writing them in the other byte order', () => {
  const value = Buffer.from([1, 2, 3, 4]);
  const dataSet = createDataSet([{ tag: rows, value }]);
  assert.deepEqual(parseDataSet(encodeDataSet(dataSet, bigEndian), bigEndian).dataSet.numbers(rows), [0x0201, 0x0403]);
  assert.deepEqual([...value], [1, 2, 3, 4]);
});

test('a small header does not keep a large chunk alive', () => {
  const bytes = join(
    metaOf(explicit),
    encoded(explicit),
    raw('\xe0\x7f\x10\x00OW\0\0\0\0\x10\0'),
    new Uint8Array(100_000),
  );
  for (const chunk of [bytes, Buffer.from(bytes)]) {
    const parser = createPart10Parser();
    assert.equal(parser.push(chunk), true);
    const parsed = parser.finish();
    isWhole(parsed);
    assert.ok((parsed.dataSet.bytes(patientId)?.buffer.byteLength ?? 0) < 2000);
  }
});
