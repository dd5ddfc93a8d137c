// Properties of writing and parsing: what was written is read, in any chunks; cut or random bytes never do harm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { createDataSet, type DataSet, DicomError, type ElementInit } from '../data-set/index.ts';
import { standardDictionary } from '../dictionary/index.ts';
import type { Tag } from '../tag.ts';
import { swapWords } from '../values/index.ts';
import { type Vr, wordSizeOf } from '../vr.ts';
import {
  createPart10Parser,
  encodeDataSet,
  encodePart10,
  type ParsedFile,
  parseDataSet,
  parsePart10,
} from './index.ts';

const options = {
  inflateRaw: (bytes: Uint8Array, maximum: number) => inflateRawSync(bytes, { maxOutputLength: maximum }),
};
const deflateRaw = (bytes: Uint8Array) => deflateRawSync(bytes);
const syntaxes = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99'];
const textVrs: readonly Vr[] = 'AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' ').filter(isTextVr);
const wordVrs: readonly Vr[] = [
  'AT',
  'FD',
  'FL',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SL',
  'SS',
  'SV',
  'UL',
  'UN',
  'US',
  'UV',
];

function isTextVr(text: string): text is Vr {
  return text.length === 2;
}

/** The standard has one such attribute for nearly each VR. */
function selectorTag(vr: Vr): Tag {
  return standardDictionary.findTag(`Selector${vr}Value`) ?? 0;
}

const text = fc
  .string({ minLength: 0, maxLength: 40, unit: fc.constantFrom(...'ABCxyz012.-^=\\ ') })
  .map((value) => value.replace(/ +$/, ''));

const textElement: fc.Arbitrary<ElementInit> = fc
  .tuple(fc.constantFrom(...textVrs), text)
  .map(([vr, value]) => ({ tag: selectorTag(vr), vr, value }));

const wordElement: fc.Arbitrary<ElementInit> = fc
  .tuple(fc.constantFrom(...wordVrs), fc.uint8Array({ minLength: 0, maxLength: 5 }))
  .map(([vr, bytes]) => {
    const size = vr === 'AT' ? 4 : Math.max(2, wordSizeOf(vr));
    return {
      tag: selectorTag(vr),
      vr,
      value: Uint8Array.from({ length: bytes.length * size }, (_, at) => bytes[at % bytes.length] ?? 0),
    };
  });

const privateElements: fc.Arbitrary<ElementInit[]> = fc
  .tuple(fc.integer({ min: 5, max: 100 }), fc.integer({ min: 0, max: 255 }), text)
  .map(([half, element, value]) => {
    const group = half * 2 + 1;
    return [
      { tag: group * 0x10000 + 0x10, vr: 'LO', value: 'PHAROS TEST' },
      {
        tag: group * 0x10000 + 0x1000 + element,
        vr: 'UN',
        value: Uint8Array.from(`${value} `.repeat(2), (l) => l.charCodeAt(0)),
      },
    ];
  });

const { entries } = fc.letrec<{ entries: ElementInit[]; sequence: ElementInit }>((tie) => ({
  entries: fc
    .tuple(
      fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, textElement, wordElement, tie('sequence')), {
        maxLength: 12,
      }),
      privateElements,
    )
    .map(([plain, own]) => [...plain, ...own]),
  sequence: fc
    .array(tie('entries'), { maxLength: 3, depthIdentifier: 'items' })
    .map((items) => ({ tag: selectorTag('SQ') || 0x00720080, vr: 'SQ' as const, value: items })),
}));

const instance = entries.map((elements): ElementInit[] => [
  { tag: 0x00080016, value: '1.2.840.10008.5.1.4.1.1.2' },
  { tag: 0x00080018, value: '1.2.3.4' },
  ...elements,
]);

/** Everything a data set says, comparable: words in little endian, UN of known attributes by its bytes. */
function contentsOf(dataSet: DataSet): unknown[] {
  return [...dataSet.elements()].map(({ tag, vr, bytes, items, littleEndian }) => {
    if (items) return [tag, vr, items.map(contentsOf)];
    return [tag, vr, [...(littleEndian ? bytes : swapWords(bytes, wordSizeOf(vr)))], dataSet.text(tag)];
  });
}

function fileOf(elements: ElementInit[], transferSyntax: string): Uint8Array {
  return encodePart10({ dataSet: createDataSet(elements), transferSyntax, deflateRaw });
}

function placesOf(file: ParsedFile): unknown {
  return [
    contentsOf(file.meta),
    contentsOf(file.dataSet),
    file.transferSyntax,
    file.pixelData,
    file.problems,
    file.hasMeta,
  ];
}

test('what is written in any encoding is read again', () => {
  fc.assert(
    fc.property(instance, fc.constantFrom(...syntaxes), (elements, transferSyntax) => {
      const expected = contentsOf(createDataSet(elements));
      const parsed = parsePart10(fileOf(elements, transferSyntax), options);
      assert.deepEqual(contentsOf(parsed.dataSet), expected);
      assert.equal(parsed.transferSyntax, transferSyntax);
      assert.deepEqual(parsed.problems, []);
    }),
    { numRuns: 150 },
  );
});

test('a data set that was read is written again in every encoding, and byte for byte in its own', () => {
  fc.assert(
    fc.property(
      instance,
      fc.constantFrom(...syntaxes.slice(0, 3)),
      fc.constantFrom(...syntaxes.slice(0, 3)),
      (elements, from, to) => {
        const bytes = encodeDataSet(createDataSet(elements), from);
        const { dataSet } = parseDataSet(bytes, from);
        assert.deepEqual(encodeDataSet(dataSet, from), bytes);
        const other = parseDataSet(encodeDataSet(dataSet, to), to);
        assert.deepEqual(contentsOf(other.dataSet), contentsOf(createDataSet(elements)));
      },
    ),
    { numRuns: 150 },
  );
});

test('chunks of any size give what the whole gives', () => {
  fc.assert(
    fc.property(
      instance,
      fc.constantFrom(...syntaxes),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
      (elements, transferSyntax, sizes) => {
        const pixels: ElementInit = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(50) };
        const file = fileOf([...elements, pixels], transferSyntax);
        const parser = createPart10Parser(options);
        for (let at = 0, turn = 0; at < file.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          if (parser.push(file.subarray(at, at + size))) break;
          at += size;
        }
        assert.deepEqual(placesOf(parser.finish()), placesOf(parsePart10(file, options)));
      },
    ),
    { numRuns: 100 },
  );
});

function readAll(dataSet: DataSet): void {
  for (const element of dataSet.elements()) {
    dataSet.text(element.tag);
    dataSet.numbers(element.tag);
    void element.fragments;
    for (const item of element.items ?? []) readAll(item);
  }
}

/** Parses and reads everything; only a DicomError may come out. */
function readHarmlessly(bytes: Uint8Array, stopAt: 'end' | 'pixel-data'): void {
  try {
    const { dataSet, meta } = parsePart10(bytes, { ...options, stopAt });
    readAll(meta);
    readAll(dataSet);
  } catch (error) {
    assert.ok(error instanceof DicomError, String(error));
  }
}

const fragments: ElementInit = {
  tag: 0x7fe00010,
  vr: 'OB',
  value: { fragments: [new Uint8Array(0), new Uint8Array(10)] },
};

test('a file cut anywhere does no harm', () => {
  fc.assert(
    fc.property(instance, fc.constantFrom(...syntaxes), (elements, transferSyntax) => {
      const file = fileOf([...elements, fragments], transferSyntax);
      const step = Math.max(1, Math.floor(file.length / 300));
      for (let length = 0; length <= file.length; length += step) readHarmlessly(file.subarray(0, length), 'end');
    }),
    { numRuns: 12 },
  );
});

test('changed bytes do no harm', () => {
  const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x80, 0xff, 0xfe, 0xe0));
  fc.assert(
    fc.property(
      instance,
      fc.constantFrom(...syntaxes.slice(0, 3)),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      (elements, transferSyntax, changes) => {
        const file = fileOf([...elements, fragments], transferSyntax).slice();
        for (const [at, byte] of changes) file[at % file.length] = byte;
        readHarmlessly(file, 'end');
        readHarmlessly(file, 'pixel-data');
      },
    ),
    { numRuns: 400 },
  );
});

test('random bytes do no harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, hasMagic) => {
      const magic = Uint8Array.from([...new Uint8Array(128), 0x44, 0x49, 0x43, 0x4d, 2, 0, ...noise]);
      readHarmlessly(hasMagic ? magic : noise, 'end');
    }),
    { numRuns: 400 },
  );
});
