import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vrOf } from './index.ts';

test('VR for implicit encodings', () => {
  assert.equal(vrOf(0x00100010), 'PN');
  assert.equal(vrOf(0x7fe00010), 'OW');
  assert.equal(vrOf(0x00280106), 'US', 'US or SS');
  assert.equal(vrOf(0x00283006), 'OW', 'US or OW');
  assert.equal(vrOf(0x00000100), 'US', 'command element');
  assert.equal(vrOf(0x00020010), 'UI');
  assert.equal(vrOf(0x60043000), 'OW');
  assert.equal(vrOf(0xfffafffa), 'SQ');
  assert.equal(vrOf(0xffffffff), 'UN');
  assert.equal(vrOf(0), 'UL');
});

test('group lengths are UL, private creators LO, other private elements as their vendor says or UN', () => {
  assert.equal(vrOf(0x00100000), 'UL');
  assert.equal(vrOf(0x00090000), 'UL');
  assert.equal(vrOf(0x000900ff), 'LO');
  assert.equal(vrOf(0x00091002), 'UN');
  assert.equal(vrOf(0x00191002, 'GEMS_ACQU_01'), 'SL');
  assert.equal(vrOf(0x00191202, 'GEMS_ACQU_01'), 'SL');
  assert.equal(vrOf(0x00191002, 'ACME'), 'UN');
});
