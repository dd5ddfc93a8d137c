// The worked examples of PS3.5 H (Japanese), I (Korean), J (Unicode, GB 18030) and K (GB 2312), byte for byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTextCodec } from './index.ts';

const bytesOf = (latin1: string) => Uint8Array.from(latin1, (letter) => letter.charCodeAt(0));

const names: Readonly<Record<string, readonly [terms: string, bytes: string, name: string]>> = {
  'H.3.1': [
    '\\ISO 2022 IR 87',
    'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  'H.3.2': [
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
  ],
  'I.2': [
    '\\ISO 2022 IR 149',
    'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  'J.1': ['ISO_IR 192', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1=', 'Wang^XiaoDong=王^小東='],
  'J.3': ['GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=', 'Wang^XiaoDong=王^小东='],
  'K.2': ['\\ISO 2022 IR 58', 'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=', 'Zhang^XiaoDong=张^小东='],
};

for (const [clause, [terms, bytes, name]] of Object.entries(names)) {
  test(`person name of ${clause}`, () => {
    const codec = createTextCodec(terms, 'ISO_IR 6');
    assert.equal(codec.decode(bytesOf(bytes), 'PN'), name);
    assert.deepEqual(codec.encode(name, 'PN'), bytesOf(bytes));
  });
}

test('free text of several lines designates the set again on each line (I.3)', () => {
  const codec = createTextCodec('\\ISO 2022 IR 149', 'ISO_IR 6');
  const bytes = bytesOf(
    'The 1st line includes \x1b$)C\xb1\xe6\xb5\xbf.\r\nThe 2nd line: \x1b$)C\xb1\xe6\xb5\xbf, too.\r\nThe 3rd line.',
  );
  const text = 'The 1st line includes 길동.\r\nThe 2nd line: 길동, too.\r\nThe 3rd line.';
  assert.equal(codec.decode(bytes, 'LT'), text);
  assert.deepEqual(codec.encode(text, 'LT'), bytes);
});
