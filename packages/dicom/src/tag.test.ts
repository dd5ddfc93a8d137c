// Tags as text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTag, parseTag } from './tag.ts';

test('a tag is read with a comma, a hyphen or nothing between its halves, in any case', () => {
  for (const text of ['7fe0,0010', '7FE0-0010', '7Fe00010']) assert.equal(parseTag(text), 0x7fe00010, text);
  assert.equal(parseTag('ffff,ffff'), 0xffffffff);
  assert.equal(formatTag(0x7fe00010), '7fe0,0010');
});

test('what is no tag is told from one', () => {
  const texts = ['', '0010', '0010,001', '0010,00100', '0010.0010', '0010 0010', 'g010,0010', '0010,001g', '-010,0010'];
  for (const text of [...texts, '0010,\uff10010', 'PatientID', '00100010,'])
    assert.equal(parseTag(text), undefined, text);
});
