// JSON answers are Orthanc's to the byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson, writeErrorJson, writeJson, writeJsonElements } from './json-text.ts';

test('keys are sorted, nested values stand on a line of their own, empty ones do not', () => {
  const value = { b: { y: [1, { z: null }], x: [] }, a: {}, c: 'text', d: undefined };
  assert.equal(
    writeJson(value),
    '{\n   "a" : {},\n   "b" : \n   {\n      "x" : [],\n      "y" : \n      [\n         1,\n         {\n            "z" : null\n         }\n      ]\n   },\n   "c" : "text"\n}',
  );
});

test('an array in an array begins on the line of its parent', () => {
  assert.equal(writeJson([[1], []]), '[\n   [\n      1\n   ],\n   []\n]');
});

test('what is not ASCII is escaped', () => {
  assert.equal(writeJson('é\u2028"\\/\n\u0001\u007f😀'), '"\\u00e9\\u2028\\"\\\\/\\n\\u0001\u007f\\ud83d\\ude00"');
  assert.equal(writeJson('\\1.5\\2\\'), '"\\\\1.5\\\\2\\\\"');
  assert.equal(writeJson('é\\'), '"\\u00e9\\\\"');
});

test('numbers have seventeen significant digits', () => {
  const numbers = [0, -3, 1.5, 0.1, 1e-7, 123456789.125, 2 ** 53, 1e20, 0.0001];
  const texts = [
    '0',
    '-3',
    '1.5',
    '0.10000000000000001',
    '9.9999999999999995e-08',
    '123456789.125',
    '9007199254740992',
    '1e+20',
    '0.0001',
  ];
  assert.deepEqual(
    numbers.map((number) => writeJson(number)),
    [...texts.slice(0, -1), '0.0001'],
  );
});

test('an object whose members are all undefined is empty', () => {
  assert.equal(writeJson({ a: undefined }), '{}');
});

test('pieces of an array fit together', () => {
  assert.equal(`[\n${writeJsonElements([{ a: 1 }, 2])}\n]`, writeJson([{ a: 1 }, 2]));
});

test('error bodies are indented with tabs and end with a line end', () => {
  assert.equal(writeErrorJson({ Uri: '/x', HttpStatus: 404 }), '{\n\t"HttpStatus" : 404,\n\t"Uri" : "/x"\n}\n');
});

test('comments in JSON bodies are tolerated, but not where they are text', () => {
  assert.deepEqual(parseJson('/* a */ {"u": "http://x/*y*/", // b\n "n": 1}'), { u: 'http://x/*y*/', n: 1 });
});

test('a comment may end the body, or stand beside a string of megabytes', () => {
  const text = 'x\\n'.repeat(4_000_000);
  assert.deepEqual(parseJson('[1] // the end'), [1]);
  assert.deepEqual(parseJson(`["${text}"] /* a file */`), [text.replaceAll('\\n', '\n')]);
});

test('what would take a parser minutes is refused at once', () => {
  const many = 300_000;
  const texts = [
    '/*x'.repeat(many),
    `/"${'\\"'.repeat(many)}`,
    '['.repeat(many) + ']'.repeat(many),
    '{"a":'.repeat(many),
  ];
  const start = performance.now();
  for (const text of texts) assert.throws(() => parseJson(text), { code: 'BadFileFormat' });
  assert.ok(performance.now() - start < 5_000);
  const deep = '['.repeat(1000) + ']'.repeat(1000);
  assert.equal(JSON.stringify(parseJson(deep)), deep);
  assert.throws(() => parseJson(`[${deep}]`), { code: 'BadFileFormat' });
});

test('what Orthanc tolerates is tolerated: a comma behind the last value, and whatever follows the whole', () => {
  assert.deepEqual(parseJson('{"a": [1, 2 ,], // one\n "b": {}, /* two */ // three\n}'), { a: [1, 2], b: {} });
  assert.deepEqual(parseJson('[1, /* one */ 2, /* two */ "3,]", /**/]'), [1, 2, '3,]']);
  assert.deepEqual(parseJson('\ufeff{"a": "]"} and so on: "'), { a: ']' });
  assert.deepEqual(parseJson('[[]]]\0'), [[]]);
  for (const text of ['[,]', '{,}', '[1,,]', '[1,', '[1,/**/', '1,/**/', '[1 2]', '[1/**/2]', '12 13', ',', '] [1]']) {
    assert.throws(() => parseJson(text), { code: 'BadFileFormat' }, text);
  }
});

test('a broken JSON body is refused', () => {
  assert.throws(() => parseJson('{"a": 1, /b/ "c": 2}'), { code: 'BadFileFormat' });
  assert.throws(() => parseJson('["a'), { code: 'BadFileFormat' });
  assert.throws(() => parseJson('["a\\'), { code: 'BadFileFormat' });
  assert.throws(() => parseJson('/'), { code: 'BadFileFormat' });
  assert.throws(() => parseJson('/*/ []'), { code: 'BadFileFormat' });
  assert.throws(() => parseJson(''), { code: 'BadFileFormat' });
  assert.throws(() => parseJson('{"a": '), { code: 'BadFileFormat' });
  assert.throws(() => parseJson('{"a": 1 // '), { code: 'BadFileFormat' });
});

test('deeply nested JSON does not exhaust the stack', () => {
  assert.throws(() => parseJson('['.repeat(1_000_000)), { code: 'BadFileFormat' });
});
