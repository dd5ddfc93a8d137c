// What the writer makes: meta header, lengths, representations that the target encoding cannot hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet } from '../data-set/index.ts';
import {
  encodeDataSet,
  encodeFileMeta,
  encodePart10,
  implementationClassUid,
  parseDataSet,
  parsePart10,
} from './index.ts';

const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';

test('the meta header names the instance, the transfer syntax, the source and Pharos', () => {
  const { meta, problems } = parsePart10(
    encodeFileMeta({ sopClassUid: '1.2', sopInstanceUid: '1.2.3', transferSyntax: implicit, sourceAet: 'SCANNER' }),
  );
  assert.deepEqual(problems, []);
  assert.deepEqual([...(meta.bytes(0x00020001) ?? [])], [0, 1]);
  assert.equal(meta.text(0x00020002), '1.2');
  assert.equal(meta.text(0x00020003), '1.2.3');
  assert.equal(meta.text(0x00020010), implicit);
  assert.equal(meta.text(0x00020012), implementationClassUid);
  assert.match(meta.text(0x00020013) ?? '', /^PHAROS_/);
  assert.equal(meta.text(0x00020016), 'SCANNER');
  assert.equal(
    meta.number(0x00020000),
    encodeFileMeta({ sopClassUid: '1.2', sopInstanceUid: '1.2.3', transferSyntax: implicit, sourceAet: 'SCANNER' })
      .length - 144,
  );
});

test('a value too long for its explicit header is written as UN and shows as what it was', () => {
  const long = '1.5\\'.repeat(30_000);
  const dataSet = createDataSet([{ tag: 0x30060050, value: `${long}22` }]);
  const read = parseDataSet(encodeDataSet(dataSet, explicit), explicit).dataSet;
  assert.equal(read.vr(0x30060050), 'UN');
  assert.equal(read.text(0x30060050), `${long}22`);
});

test('group lengths are dropped when a data set is written anew, but not that of a command', () => {
  const dataSet = createDataSet([
    { tag: 0x00080000, value: 10 },
    { tag: 0x00080060, value: 'CT' },
  ]);
  assert.deepEqual([...parseDataSet(encodeDataSet(dataSet, explicit), explicit).dataSet.tags()], [0x00080060]);
  const command = createDataSet([{ tag: 0x00000000, vr: 'UL', value: 10 }]);
  assert.equal(encodeDataSet(command, implicit).length, 12);
});

test('unknown transfer syntaxes are refused', () => {
  const dataSet = createDataSet([]);
  assert.throws(() => encodeDataSet(dataSet, '1.2.3'), { code: 'Malformed' });
  assert.throws(() => parseDataSet(new Uint8Array(0), '1.2.3'), { code: 'Malformed' });
  assert.throws(() => encodePart10({ dataSet, transferSyntax: '1.2.840.10008.1.2.1.99' }), { code: 'Malformed' });
});
