import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTextCodec, encodingNames } from './index.ts';

const bytesOf = (latin1: string) => Uint8Array.from(latin1, (letter) => letter.charCodeAt(0));
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const alphabets: Readonly<Record<string, string>> = {
  'ISO_IR 6': 'aZ09 -',
  'ISO_IR 100': 'aéüÿ×',
  'ISO_IR 101': 'aŁżőé',
  'ISO_IR 109': 'aĝİħ',
  'ISO_IR 110': 'aķģåų',
  'ISO_IR 126': 'aΔιώς',
  'ISO_IR 127': 'aقبانيل',
  'ISO_IR 138': 'aשרון',
  'ISO_IR 144': 'aЛюкЂ',
  'ISO_IR 148': 'aİşğé',
  'ISO_IR 166': 'aไทย๛',
  'ISO_IR 203': 'a€Šœé',
  'ISO_IR 13': 'aﾔﾏﾀﾞ',
  'ISO_IR 192': 'aé中𠀀😀',
  GB18030: 'aé中€𠀀😀ༀ',
  GBK: 'a中鎔龍',
  '\\ISO 2022 IR 87': 'a山ア漢α',
  '\\ISO 2022 IR 87\\ISO 2022 IR 159': 'a山丂é',
  '\\ISO 2022 IR 149': 'a洪길ㄱ',
  '\\ISO 2022 IR 58': 'a张东ā',
  'ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126': 'aéЛώ',
  'ISO 2022 IR 13\\ISO 2022 IR 87': 'aﾔ山だ',
  'ISO 2022 IR 6\\ISO 2022 IR 127\\ISO 2022 IR 149': 'aق홍',
};

for (const [terms, alphabet] of Object.entries(alphabets)) {
  test(`what ${terms} can hold comes back as it was`, () => {
    const codec = createTextCodec(terms, 'ISO_IR 100');
    const letters = fc.constantFrom(...alphabet, '^', '=');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        assert.equal(codec.decode(codec.encode(text, 'PN'), 'PN'), text);
        assert.equal(codec.decode(codec.encode(text, 'LT'), 'LT'), text);
      }),
      { numRuns: 60 },
    );
  });
}

test('any bytes decode in any character set without an error', () => {
  const codecs = Object.keys(alphabets).map((terms) => createTextCodec(terms, 'ISO_IR 100'));
  const fragments = fc.constantFrom(
    '\x1b',
    '\x1b$B',
    '\x1b$)C',
    '\x1b-A',
    '\x1b(I',
    '\x1b$(D',
    'é',
    '^',
    '\\',
    'a',
    '\xff',
  );
  const texts = fc.array(
    fc.oneof(
      fragments,
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    ),
  );
  fc.assert(
    fc.property(texts, (parts) => {
      for (const codec of codecs) assert.equal(typeof codec.decode(bytesOf(parts.join('')), 'PN'), 'string');
    }),
    { numRuns: 300 },
  );
});

test('delimiters bring back the initial sets, also where an escape sequence is missing', () => {
  const codec = createTextCodec('ISO 2022 IR 100\\ISO 2022 IR 144', 'ISO_IR 6');
  const bytes = bytesOf('\x1b-L\xbb\xee^\xe9=\x1b-L\xbb\\\xe9');
  assert.equal(codec.decode(bytes, 'PN'), 'Лю^é=Л\\é');
  assert.equal(codec.decode(bytesOf('\x1b-L\xbb\\\xbb\r\n\xe9'), 'LT'), 'Л\\Л\r\né');
});

test('character sets that the data set does not announce are understood when their escape sequence comes', () => {
  const codec = createTextCodec('ISO_IR 100', 'ISO_IR 6');
  assert.equal(codec.decode(bytesOf('\x1b$B;3ED\x1b(B^x'), 'PN'), '山田^x');
});

test('a character that the set lacks becomes the letter under its accent or a question mark', () => {
  assert.equal(hex(createTextCodec('ISO_IR 6', 'ISO_IR 6').encode('é中', 'LO')), '653f');
  assert.equal(hex(createTextCodec('ISO_IR 100', 'ISO_IR 6').encode('Łéœ', 'LO')), '3fe93f');
  assert.equal(hex(createTextCodec('GBK', 'ISO_IR 6').encode('😀a', 'LO')), '3f61');
  assert.equal(hex(createTextCodec('\\ISO 2022 IR 87', 'ISO_IR 6').encode('山😀', 'LO')), '1b24423b331b28423f');
});

test('bytes without a character are left out', () => {
  assert.equal(createTextCodec('ISO_IR 192', 'ISO_IR 6').decode(bytesOf('M\xfcller'), 'PN'), 'Mller');
  assert.equal(createTextCodec('ISO_IR 6', 'ISO_IR 6').decode(bytesOf('M\xfcller'), 'PN'), 'Mller');
});

test('terms as files spell them', () => {
  const spellings: Readonly<Record<string, readonly string[]>> = {
    é: [
      'ISO_IR 100',
      'ISO IR 100',
      'iso-ir 100',
      'ISO_IR_100',
      'ISO_IR100',
      'ISO 2022 IR 100',
      'ISO8859-1',
      ' ISO_IR 100 ',
      'LATIN1',
    ],
    Щ: ['ISO_IR 144', 'ISO_2022_IR_144', 'ISO8859-5'],
  };
  for (const [letter, terms] of Object.entries(spellings)) {
    for (const term of terms)
      assert.equal(
        createTextCodec(term, 'ISO_IR 6').decode(bytesOf('\xe9'), 'PN'),
        term.includes('8859-5') || term.includes('144') ? 'щ' : letter,
        term,
      );
  }
  for (const term of ['ISO_IR 192', 'ISO-IR 192', 'ISO IR 192', 'UTF-8', 'utf8']) {
    assert.equal(createTextCodec(term, 'ISO_IR 6').decode(bytesOf('\xc3\xa9'), 'PN'), 'é', term);
  }
});

test('no term or an empty one means the fallback, an unknown one ASCII', () => {
  for (const none of [undefined, '', ' ', '\\']) {
    assert.equal(createTextCodec(none, 'ISO_IR 144').decode(bytesOf('\xe9'), 'PN'), 'щ');
  }
  assert.equal(createTextCodec('FOO 1', 'ISO_IR 144').decode(bytesOf('a\xe9'), 'PN'), 'a');
  assert.deepEqual(createTextCodec('\\ISO 2022 IR 87', 'x').terms, ['', 'ISO 2022 IR 87']);
});

test('code pages that the field puts into the place of a set', () => {
  const shiftJis = bytesOf('\x8e\x52\x93\x63\xcf');
  const japanese = createTextCodec('ISO_IR 13', 'ISO_IR 6');
  assert.equal(japanese.decode(shiftJis, 'PN'), '山田ﾏ');
  assert.equal(hex(japanese.encode('山田ﾏДé', 'PN')), '8e529363cf844465');
  assert.equal(hex(createTextCodec('ISO 2022 IR 13\\ISO 2022 IR 87', '').encode('Д', 'PN')), '1b244227251b284a');
  assert.equal(createTextCodec('\\ISO 2022 IR 58', 'ISO_IR 6').decode(bytesOf('\xd5\xc5\xe6\x46'), 'PN'), '张鍲');
  const korean = createTextCodec('\\ISO 2022 IR 149', 'ISO_IR 6');
  assert.equal(korean.decode(bytesOf('A=\x1b$)C\x94\xee\xc8\xab\x81\x41'), 'PN'), 'A=뷁홍갂');
});

test('05/12 in Roman letters of Japan is a yen sign in free text, elsewhere it separates values', () => {
  const codec = createTextCodec('ISO_IR 13', 'ISO_IR 6');
  assert.equal(codec.decode(bytesOf('a\\\xcf'), 'LO'), 'a\\ﾏ');
  assert.equal(codec.decode(bytesOf('a\\\xcf'), 'LT'), 'a¥ﾏ');
  assert.equal(hex(codec.encode('a¥ﾏ', 'LT')), '615ccf');
});

test("names of Orthanc's default encodings", () => {
  const samples: Readonly<Record<string, string>> = {
    Latin1: 'é', Latin2: 'Ł', Latin3: 'ĝ', Latin4: 'ķ', Latin5: 'ş', Cyrillic: 'Щ', Windows1251: 'Щ', Arabic: 'ق', Greek: 'Δ',
    Hebrew: 'ש', Thai: 'ท', Japanese: 'ﾔ', Chinese: '王', JapaneseKanji: '山', Korean: '홍', SimplifiedChinese: '张', Utf8: '😀',
    Ascii: 'a',
  }; // biome-ignore format: one table
  assert.deepEqual(Object.keys(encodingNames).sort(), Object.keys(samples).sort());
  for (const [name, sample] of Object.entries(samples)) {
    const codec = createTextCodec(undefined, encodingNames[name] ?? '');
    assert.equal(codec.decode(codec.encode(sample, 'PN'), 'PN'), sample, name);
  }
});
