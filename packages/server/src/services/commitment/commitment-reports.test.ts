// Reports are kept within bounds, the least recently used ones go first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCommitmentReports } from './commitment-reports.ts';

const reference = { sopClassUid: '1.2', sopInstanceUid: '1.3' };
const reported = (transactionUid: string, committed = 1, failed = 0) => ({
  transactionUid,
  committed: Array.from({ length: committed }, () => reference),
  failed: Array.from({ length: failed }, () => ({ ...reference, reason: 0x0112 })),
});

test('a commitment is pending until its report comes, which tells whether all of it succeeded', () => {
  const reports = createCommitmentReports({ StorageCommitmentReportsSize: 10 });
  reports.expect('1', 'FAR');
  assert.deepEqual(reports.get('1'), { status: 'Pending', remoteAet: 'FAR', committed: [], failed: [] });
  reports.take('OTHER', reported('1'));
  assert.deepEqual(reports.get('1'), { status: 'Success', remoteAet: 'OTHER', committed: [reference], failed: [] });
  reports.take('FAR', reported('1', 1, 1));
  assert.equal(reports.get('1')?.status, 'Failure');
  reports.take('FAR', reported('unknown'));
  assert.equal(reports.get('unknown')?.status, 'Success');
});

test('a commitment that was not asked for is forgotten, unless its report has come', () => {
  const reports = createCommitmentReports({ StorageCommitmentReportsSize: 10 });
  reports.expect('1', 'FAR');
  reports.expect('2', 'FAR');
  reports.take('FAR', reported('2'));
  for (const transaction of ['1', '2', '3']) reports.forget(transaction);
  assert.equal(reports.get('1'), undefined);
  assert.equal(reports.get('2')?.status, 'Success');
});

test('beyond StorageCommitmentReportsSize the one that was not looked at for longest goes', () => {
  const reports = createCommitmentReports({ StorageCommitmentReportsSize: 2 });
  for (const transaction of ['1', '2']) reports.take('FAR', reported(transaction));
  reports.get('1');
  reports.take('FAR', reported('3'));
  assert.deepEqual(
    ['1', '2', '3'].map((transaction) => reports.get(transaction) !== undefined),
    [true, false, true],
  );
});

test('0 is any number of reports, and all of them together have a bound', () => {
  const reports = createCommitmentReports({ StorageCommitmentReportsSize: 0 });
  for (let transaction = 0; transaction < 1000; transaction++) reports.take('FAR', reported(String(transaction)));
  assert.notEqual(reports.get('0'), undefined);
  reports.take('FAR', reported('large', 600_000));
  assert.equal(reports.get('0'), undefined);
  assert.equal(reports.get('large')?.committed.length, 600_000);
  reports.take('FAR', reported('next'));
  assert.equal(reports.get('large'), undefined);
  assert.equal(reports.get('next')?.status, 'Success');
});
