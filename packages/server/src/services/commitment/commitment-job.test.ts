// A commitment is a promise: it holds at the moment of the report, of the file as it is on disk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataSet, Tag } from '@pharos/dicom';
import { noMetrics, openIngest, silentLog, syntheticInstance, syntheticUids } from '@pharos/testkit';
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { BlobStore, NormalisedRequest, RemoteModality } from '../../ports/index.ts';
import { deleteResource } from '../deletion/index.ts';
import type { Job, JobContext } from '../jobs/index.ts';
import { createInstanceReader } from '../read/index.ts';
import type { InstanceReader } from '../services.ts';
import type { CommitmentReference } from './commitment-data.ts';
import { type CommitmentJobDependencies, commitmentJobType, createCommitmentJob } from './commitment-job.ts';

const remote: RemoteModality = { aet: 'FAR', host: '192.0.2.1', port: 104, localAet: 'PHAROS', timeout: 1 };
const sopClassUid = '1.2.840.10008.5.1.4.1.1.66';
const readerOptions = {
  live: { fallbackCharset: () => 'ISO_IR 100' },
  settings: { DicomParserCacheSize: 10, MaximumStorageCacheSize: 10 },
  metrics: noMetrics,
};

const uidOf = (instance: number, patient = 1): string =>
  syntheticUids({ patient, study: 1, series: 1, instance }).instance;
const referenceTo = (instance: number): CommitmentReference => ({ sopClassUid, sopInstanceUid: uidOf(instance) });
const inputOf = (references: readonly CommitmentReference[]) => ({
  transactionUid: '2.25.7',
  references,
  remote,
  remoteIp: '192.0.2.1',
  calledAet: 'PHAROS',
});

/** Instances 1 to 3 of a series, and a network that remembers the reports. */
async function openWorld() {
  const store = await openIngest();
  const ids: OrthancId[] = [];
  for (const instance of [1, 2, 3]) {
    const file = syntheticInstance({ kind: 'header', patient: 1, study: 1, series: 1, instance });
    ids.push((await store.store(file)).ids.instance);
  }
  const reports: NormalisedRequest[] = [];
  let failure: PharosError | undefined;
  const deps: CommitmentJobDependencies & { readonly reader: InstanceReader } = {
    index: store.index,
    blobs: store.blobs,
    reader: createInstanceReader({ ...store, ...readerOptions }),
    network: {
      async eventReport(_remote, request) {
        if (failure) throw failure;
        reports.push(request);
      },
    },
  };
  const fail = (error: PharosError | undefined): void => {
    failure = error;
  };
  return { store, ids, deps, reports, fail };
}

function contextOf(signal = new AbortController().signal): JobContext {
  return {
    id: 'job',
    signal,
    log: silentLog.of('jobs'),
    progress: () => undefined,
    offer: () => undefined,
  };
}

async function run(job: Job, context = contextOf()): Promise<void> {
  for await (const _step of job.run(context));
}

const committedIn = (report: NormalisedRequest | undefined): readonly unknown[] =>
  report?.information.items(Tag.ReferencedSOPSequence).map((item) => item.text(Tag.ReferencedSOPInstanceUID)) ?? [];
const reasonOf = (item: DataSet) => [item.text(Tag.ReferencedSOPInstanceUID), item.number(Tag.FailureReason)];
const failedIn = (report: NormalisedRequest | undefined): readonly unknown[] =>
  report?.information.items(Tag.FailedSOPSequence).map(reasonOf) ?? [];

test('all that is kept is committed in one report, in the order of the request', async () => {
  const { store, deps, reports } = await openWorld();
  const job = createCommitmentJob(deps, inputOf([3, 1, 1, 2].map(referenceTo)));
  await run(job);
  const [report, ...more] = reports;
  assert.deepEqual(more, []);
  assert.equal(report?.typeId, 1);
  assert.equal(report.information.text(Tag.TransactionUID), '2.25.7');
  assert.deepEqual(
    committedIn(report),
    [3, 1, 1, 2].map((instance) => uidOf(instance)),
  );
  assert.equal(report.information.has(Tag.FailedSOPSequence), false);
  assert.deepEqual(job.content(), {
    Description: '',
    CalledAet: 'PHAROS',
    RemoteAet: 'FAR',
    RemoteIp: '192.0.2.1',
    TransactionUid: '2.25.7',
  });
  await store.discard();
});

test('unknown instances and other classes fail, each with its reason', async () => {
  const { store, deps, reports } = await openWorld();
  const conflict = { sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: uidOf(2) };
  await run(createCommitmentJob(deps, inputOf([referenceTo(1), referenceTo(9), conflict, referenceTo(2)])));
  assert.equal(reports[0]?.typeId, 2);
  assert.deepEqual(committedIn(reports[0]), [uidOf(1), uidOf(2)]);
  assert.deepEqual(failedIn(reports[0]), [
    [uidOf(9), 0x0112],
    [uidOf(2), 0x0119],
  ]);
  await store.discard();
});

test('an instance that two patients share is committed where one of the files can be read', async () => {
  const { store, deps, reports } = await openWorld();
  const elements = [{ tag: Tag.SOPInstanceUID, value: uidOf(1) }];
  await store.store(syntheticInstance({ kind: 'mr', patient: 2, study: 1, series: 1, instance: 1, elements }));
  await run(createCommitmentJob(deps, inputOf([referenceTo(1)])));
  assert.deepEqual(committedIn(reports[0]), [uidOf(1)]);
  await store.discard();
});

test('files that are gone, changed or cannot be read now are not committed, though they were read before', async () => {
  const { store, ids, deps, reports } = await openWorld();
  for (const id of ids) await deps.reader.header(id);
  const [first, second, third] = await Promise.all(
    ids.map(async (id) => (await store.index.get(id, { attachments: true }))?.attachments[0]?.uuid),
  );
  const stream: BlobStore['stream'] = async function* (key, range) {
    if (key === first) throw new PharosError('InexistentFile');
    if (key === third) throw new PharosError('SystemCommand', 'too many open files');
    for await (const piece of store.blobs.stream(key, range)) {
      yield key === second ? piece.map((byte, at) => (at === 500 ? byte ^ 1 : byte)) : piece;
    }
  };
  await run(createCommitmentJob({ ...deps, blobs: { stream } }, inputOf([1, 2, 3].map(referenceTo))));
  assert.deepEqual(failedIn(reports[0]), [
    [uidOf(1), 0x0112],
    [uidOf(2), 0x0112],
    [uidOf(3), 0x0110],
  ]);
  await store.discard();
});

test('who names an instance a thousand times has its file read once', async () => {
  const { store, deps, reports } = await openWorld();
  let read = 0;
  const stream: BlobStore['stream'] = (key, range) => {
    read += 1;
    return store.blobs.stream(key, range);
  };
  const references = Array.from({ length: 1000 }, () => referenceTo(1));
  await run(createCommitmentJob({ ...deps, blobs: { stream } }, inputOf(references)));
  assert.equal(read, 1);
  assert.equal(committedIn(reports[0]).length, 1000);
  await store.discard();
});

test('what was deleted before the job was submitted again, or went on after a restart, is not committed', async () => {
  const { store, ids, deps, reports, fail } = await openWorld();
  const job = createCommitmentJob(deps, inputOf([1, 2].map(referenceTo)));
  fail(new PharosError('NetworkProtocol', 'nobody there'));
  await assert.rejects(run(job), { details: 'nobody there' });
  await deleteResource({ ...store, clock: { now: () => new Date() } }, { id: ids[0] ?? never() });
  fail(undefined);
  const kept: readonly unknown[] = JSON.parse(JSON.stringify([job.input, job.state()]));
  await run(commitmentJobType(deps).restore(kept[0], kept[1]));
  job.reset();
  await run(job);
  for (const report of reports) {
    assert.deepEqual(committedIn(report), [uidOf(2)]);
    assert.deepEqual(failedIn(report), [[uidOf(1), 0x0112]]);
  }
  assert.equal(reports.length, 2);
  await store.discard();
});

test('a job that is cancelled reports nothing', async () => {
  const { store, deps, reports } = await openWorld();
  const job = createCommitmentJob(deps, inputOf([referenceTo(1)]));
  await assert.rejects(run(job, contextOf(AbortSignal.abort())), { code: 'CanceledJob' });
  assert.deepEqual(reports, []);
  await store.discard();
});

test('what was kept of a job and is not whole is refused', async () => {
  const { store, deps } = await openWorld();
  const whole = inputOf([referenceTo(1)]);
  for (const change of [{ references: [{}] }, { transactionUid: 1 }, { remote: {} }, { calledAet: undefined }]) {
    assert.throws(() => commitmentJobType(deps).restore({ ...whole, ...change }, {}), { code: 'CorruptedFile' });
  }
  assert.throws(() => commitmentJobType(deps).restore(undefined, undefined), { code: 'CorruptedFile' });
  await store.discard();
});

function never(): never {
  throw new Error('not stored');
}
