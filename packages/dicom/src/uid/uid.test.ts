import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateUid, isUid, storageSopClasses, transferSyntaxes, transferSyntaxOf, uidName } from './index.ts';

test('new UIDs are well formed, under 2.25 and differ', () => {
  const uids = Array.from({ length: 100 }, generateUid);
  for (const uid of uids) {
    assert.ok(isUid(uid), uid);
    assert.match(uid, /^2\.25\.[1-9][0-9]{0,38}$/);
  }
  assert.equal(new Set(uids).size, uids.length);
});

test('well-formed and malformed UIDs', () => {
  for (const uid of ['1.2.840.10008.1.2', '0.0', '2.25.1', '1'.repeat(64)]) assert.ok(isUid(uid), uid);
  for (const text of ['', '1.', '.1', '1..2', '1.02', '1.a', ' 1.2', '1.2\0', '1'.repeat(65)])
    assert.ok(!isUid(text), text);
});

test('registered UIDs have names', () => {
  assert.equal(uidName('1.2.840.10008.1.1'), 'Verification SOP Class');
  assert.equal(uidName('1.2.840.10008.5.1.4.1.1.2'), 'CT Image Storage');
  assert.equal(uidName('1.2.840.10008.1.2.4.201'), 'High-Throughput JPEG 2000 Image Compression (Lossless Only)');
  assert.equal(uidName('1.2.840.10008.5.1.4'), undefined);
  assert.equal(uidName('1.2.3'), undefined);
});

test('storage SOP classes, the ones for presentation and processing among them', () => {
  const byUid = new Map(storageSopClasses.map((sopClass) => [sopClass.uid, sopClass]));
  assert.equal(byUid.size, storageSopClasses.length);
  assert.equal(byUid.get('1.2.840.10008.5.1.4.1.1.2')?.modality, 'CT');
  assert.equal(byUid.get('1.2.840.10008.5.1.4.1.1.1.1')?.modality, 'DX');
  assert.equal(byUid.get('1.2.840.10008.5.1.4.1.1.66')?.keyword, 'RawDataStorage');
  for (const { uid } of storageSopClasses) assert.ok(isUid(uid), uid);
});

test('transfer syntaxes tell how a data set is encoded', () => {
  const implicit = transferSyntaxOf('1.2.840.10008.1.2');
  assert.deepEqual([implicit?.explicitVr, implicit?.littleEndian, implicit?.encapsulated], [false, true, false]);
  assert.equal(transferSyntaxOf('1.2.840.10008.1.2.2')?.littleEndian, false);
  assert.equal(transferSyntaxOf('1.2.840.10008.1.2.1.99')?.deflated, true);
  assert.equal(transferSyntaxOf('1.2.840.10008.1.2.4.112')?.keyword, 'JPEGXL');
  assert.equal(transferSyntaxOf('1.2.3'), undefined);
  for (const { uid, encapsulated } of transferSyntaxes) {
    if (/\.1\.2\.(4\.([5-8]|9[0-3]|1|20[1-3])|5$)/.test(uid)) assert.ok(encapsulated, uid);
    assert.ok(uidName(uid) !== undefined || uid.startsWith('1.2.840.10008.1.2.4.10'), uid);
  }
});
