// Bodies of plain text are given back as they came, or refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestBody } from '../http/index.ts';
import { booleanBody, textBody, wordBody } from './plain-body.ts';

/** A body in these chunks; those that were taken are counted. */
function bodyIn(chunks: readonly Buffer[], length?: number): RequestBody & { taken(): number } {
  let taken = 0;
  const unused = async (): Promise<never> => assert.fail('read in another way');
  return {
    contentType: '',
    length,
    bytes: unused,
    text: unused,
    json: unused,
    stream: () => assert.fail('read in another way'),
    async pour(take) {
      for (const chunk of chunks) {
        taken += 1;
        await take(chunk);
      }
    },
    taken: () => taken,
  };
}

const bodyOf = (text: string | Buffer) => bodyIn([Buffer.from(text)]);

test('text comes as it was sent, with its byte order mark, white space and characters cut by chunks', async () => {
  const bytes = Buffer.from('\ufeff h\u00e9llo\u0000\n');
  assert.equal(await textBody(bodyIn([bytes.subarray(0, 6), bytes.subarray(6)]), 100), '\ufeff h\u00e9llo\u0000\n');
});

test('what is not UTF-8 is refused, as it could not be given back', async () => {
  await assert.rejects(textBody(bodyOf(Buffer.from([0xff, 0xfe, 0x41])), 100), { code: 'BadRequest' });
});

test('a body that is too long is refused before it is held', async () => {
  const chunk = Buffer.alloc(10);
  const announced = bodyIn([chunk], 101);
  await assert.rejects(textBody(announced, 100), { code: 'BodyTooLarge' });
  assert.equal(announced.taken(), 0);
  const endless = bodyIn(Array.from({ length: 1000 }, () => chunk));
  await assert.rejects(textBody(endless, 100), { code: 'BodyTooLarge' });
  assert.equal(endless.taken(), 11);
});

test('words are trimmed, Booleans are one of four words', async () => {
  assert.equal(await wordBody(bodyOf(' Latin1\n')), 'Latin1');
  assert.equal(await booleanBody(bodyOf(' true\n')), true);
  assert.equal(await booleanBody(bodyOf('0')), false);
  for (const word of ['', 'TRUE', 'yes', '2']) {
    await assert.rejects(booleanBody(bodyOf(word)), { code: 'BadFileFormat' }, word);
  }
});
