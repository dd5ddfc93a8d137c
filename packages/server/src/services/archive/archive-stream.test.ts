// Archives of what is stored, and of what is not any more; media that others read; jobs that are left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parsePart10, Tag } from '@pharos/dicom';
import { type IngestFixture, noMetrics, openIngest, type SyntheticIdentity, syntheticInstance } from '@pharos/testkit';
import { fromBufferPromise } from 'yauzl';
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { Logger } from '../../ports/index.ts';
import { createCompressor } from '../../zip/index.ts';
import { createInstanceReader } from '../read/index.ts';
import type { Transcoder } from '../services.ts';
import { createStreamedArchiveJob, type StreamedArchiveDependencies } from './archive-job.ts';
import { planArchive } from './archive-plan.ts';
import { archiveBytes, createArchiveRoom, transcodedArchiveBytes } from './archive-room.ts';
import { type ArchiveDependencies, type ArchiveOptions, archiveStream } from './archive-stream.ts';

const live = { fallbackCharset: () => 'ISO_IR 100' };
const never = async (): Promise<never> => {
  throw new Error('Nothing is transcoded here');
};
const transcoder: Transcoder = { stored: never, attachment: never };
const archive: ArchiveOptions = { kind: 'archive', isExtended: false, utf8: false };
const media: ArchiveOptions = { ...archive, kind: 'media' };

let store: IngestFixture;
let warnings: string[] = [];
const note = (message: string, details?: object) => void warnings.push(`${message} ${JSON.stringify(details ?? {})}`);
const log: Logger = { error: note, info() {}, trace() {}, warn: note };
before(async () => {
  store = await openIngest();
});
after(() => store.discard());

function depsOf(): StreamedArchiveDependencies {
  warnings = [];
  const settings = { DicomParserCacheSize: 1, MaximumStorageCacheSize: 0 };
  return {
    index: store.index,
    reader: createInstanceReader({ ...store, live, settings, metrics: noMetrics }),
    transcoder,
    compressor: createCompressor(2),
    archiveRoom: createArchiveRoom(),
    settings: { ArchiveCompressionLevel: 1 },
    live,
    clock: { now: () => new Date(0) },
    log,
  };
}

async function filesOf(pieces: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await fromBufferPromise(Buffer.concat(await Array.fromAsync(pieces)));
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const content = await Array.fromAsync(await zip.openReadStreamPromise(entry));
    files.set(String(entry.fileName), Buffer.concat(content.map((piece) => Buffer.from(piece))));
  }
  return files;
}

const identity = (patient: number, instance: number, series = 1): SyntheticIdentity => ({
  kind: 'header',
  patient,
  study: 1,
  series,
  instance,
});

/** Gives the study and its instances. */
async function storeStudy(patient: number, count: number) {
  const instances: OrthancId[] = [];
  let study = '';
  for (let instance = 1; instance <= count; instance++) {
    const elements = [{ tag: Tag.InstanceNumber, value: String(instance) }];
    const { ids } = await store.store(syntheticInstance({ ...identity(patient, instance), elements }));
    instances.push(ids.instance);
    study = ids.study;
  }
  return { study, instances };
}

const remove = (id: OrthancId | undefined) =>
  id && store.index.deleteResource({ level: 'Instance', id }, '20260101T000000');

test('an instance that is removed while the archive is made is left out, which the log tells', async () => {
  const { study, instances } = await storeStudy(1, 30);
  const deps = depsOf();
  const plan = await planArchive(deps.index, [study], archive);
  assert.equal(plan.instances, 30);
  const pieces = archiveStream(deps, plan, archive);
  const first = await pieces.next();
  await remove(instances[28]);
  async function* all(): AsyncGenerator<Uint8Array> {
    if (!first.done) yield first.value;
    yield* pieces;
  }
  const files = await filesOf(all());
  assert.equal(files.size, 29);
  assert.ok(![...files.keys()].some((name) => name.endsWith('000029.dcm')));
  assert.match(warnings.join(), /removed.*\{"instances":1\}/);
  assert.doesNotMatch(warnings.join(), /PAT0/);
});

/** What the archive says of itself. */
async function commentOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const { comment } = await fromBufferPromise(Buffer.concat(await Array.fromAsync(pieces)));
  return String(comment);
}

test('one that is stored, but whose file is gone, is missing: the archive tells so itself, and the log', async () => {
  const { study, instances } = await storeStudy(2, 3);
  const [id] = instances;
  assert.ok(id);
  const resource = await store.index.get(id, { attachments: true });
  await store.blobs.remove(resource?.attachments.map(({ uuid }) => uuid) ?? []);
  const deps = depsOf();
  const files = await filesOf(archiveStream(deps, await planArchive(deps.index, [study], media), media));
  assert.deepEqual([...files.keys()].sort(), ['DICOMDIR', 'IMAGES/IM1', 'IMAGES/IM2']);
  assert.ok(warnings.some((line) => line.includes('missing') && line.includes(id)));
  assert.ok(!warnings.join().includes('removed before'));
  const plan = await planArchive(deps.index, [study], archive);
  assert.match(await commentOf(archiveStream(deps, plan, archive)), /^INCOMPLETE: 1 of 3 instances/);
  await remove(id);
  const rest = await planArchive(deps.index, [study], archive);
  assert.equal(await commentOf(archiveStream(deps, rest, archive)), '');
});

test('so is one whose file cannot be read, and the others are there', async () => {
  const { study, instances } = await storeStudy(20, 3);
  const [id] = instances;
  assert.ok(id);
  const deps = depsOf();
  const damaged = (await store.index.get(id, { attachments: true }))?.attachments[0]?.uuid;
  const reader: ArchiveDependencies['reader'] = {
    ...deps.reader,
    lend(attachment, range) {
      if (attachment.uuid === damaged) throw new PharosError('CorruptedFile');
      return deps.reader.lend(attachment, range);
    },
  };
  for (const options of [archive, media]) {
    const files = await filesOf(
      archiveStream({ ...deps, reader }, await planArchive(deps.index, [study], options), options),
    );
    assert.equal([...files.keys()].filter((name) => name !== 'DICOMDIR').length, 2);
  }
  assert.ok(warnings.join().includes(id));
});

/** Stores three files of more than is read at once, the second of which breaks off in the middle; gives the study and the damaged file. */
async function storeLarge(patient: number) {
  const deps = depsOf();
  const long = { tag: 0x00091001, vr: 'OB', value: new Uint8Array(900_000).fill(1) } as const;
  const files = [1, 2, 3].map((instance) =>
    Buffer.from(syntheticInstance({ ...identity(patient, instance), elements: [long] })),
  );
  const stored = [];
  for (const file of files) stored.push((await store.store(file)).ids);
  const [, damaged] = stored;
  assert.ok(damaged);
  const uuid = (await store.index.get(damaged.instance, { attachments: true }))?.attachments[0]?.uuid;
  async function* brokenOff(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(600_000, 2);
    throw new PharosError('BadFileFormat', 'A frame cannot be read');
  }
  return { deps, files, study: damaged.study, damaged: damaged.instance, uuid, brokenOff };
}

test('a file that cannot be read to its end is missing, and the others are whole', async () => {
  const { deps, files, study, damaged, uuid, brokenOff } = await storeLarge(21);
  const reader: ArchiveDependencies['reader'] = {
    ...deps.reader,
    lend: (attachment, range) => (attachment.uuid === uuid ? brokenOff() : deps.reader.lend(attachment, range)),
  };
  for (const options of [archive, media]) {
    const plan = await planArchive(deps.index, [study], options);
    const pieces = Buffer.concat(await Array.fromAsync(archiveStream({ ...deps, reader }, plan, options)));
    async function* again(): AsyncGenerator<Uint8Array> {
      yield pieces;
    }
    const found = [...(await filesOf(again()))].filter(([name]) => name !== 'DICOMDIR').map(([, bytes]) => bytes);
    assert.equal(found.length, 2);
    for (const n of [0, 2]) assert.ok(found.some((bytes) => files[n]?.equals(bytes)));
    assert.match(await commentOf(again()), /^INCOMPLETE: 1 of 3/);
  }
  assert.ok(warnings.some((line) => line.includes('missing') && line.includes(damaged)));
});

test('a large image that turns out to be damaged while it is transcoded goes in as it is stored', async () => {
  const { deps, files, study, damaged, brokenOff } = await storeLarge(22);
  const written = Buffer.alloc(700_000, 3);
  const late: Transcoder = {
    ...transcoder,
    stored: async (id) => ({
      sopClassUid: '1.2.3',
      sopInstanceUid: '1.2.3.4',
      transferSyntax: '1.2.840.10008.1.2.4.80',
      length: undefined,
      async *stream() {
        if (id === damaged) yield* brokenOff();
        else yield written;
      },
    }),
  };
  const options: ArchiveOptions = { ...archive, transcode: '1.2.840.10008.1.2.4.80' };
  const plan = await planArchive(deps.index, [study], options);
  const found = [...(await filesOf(archiveStream({ ...deps, transcoder: late }, plan, options))).values()];
  assert.equal(found.length, 3);
  assert.equal(found.filter((bytes) => bytes.equals(written)).length, 2);
  assert.equal(found.filter((bytes) => files[1]?.equals(bytes)).length, 1);
  assert.ok(warnings.some((line) => line.includes('as it is stored') && line.includes(damaged)));
});

test('a file that has moved is found at its new place', async () => {
  const { study } = await storeStudy(3, 2);
  const deps = depsOf();
  let isFirst = true;
  const { reader } = deps;
  const moved: ArchiveDependencies['reader'] = {
    ...reader,
    lend(attachment) {
      if (!isFirst) return reader.lend(attachment);
      isFirst = false;
      throw new PharosError('InexistentFile');
    },
  };
  const plan = await planArchive(deps.index, [study], archive);
  assert.equal((await filesOf(archiveStream({ ...deps, reader: moved }, plan, archive))).size, 2);
  assert.deepEqual(warnings, []);
});

test('instances are in the order of their numbers; where two have the same, they are counted', async () => {
  const elements = (number: string) => [{ tag: Tag.InstanceNumber, value: number }];
  let study = '';
  for (const [instance, number] of [
    [1, '12'],
    [2, '7'],
  ] as const) {
    study = (await store.store(syntheticInstance({ ...identity(4, instance), elements: elements(number) }))).ids.study;
  }
  const deps = depsOf();
  const names = async () => {
    const plan = await planArchive(deps.index, [study], archive);
    const files = await Array.fromAsync(plan.files());
    return files.map(({ path }) => path.at(-1)?.slice(-10));
  };
  assert.deepEqual(await names(), ['000007.dcm', '000012.dcm']);
  await store.store(syntheticInstance({ ...identity(4, 3), elements: elements('7') }));
  assert.deepEqual(await names(), ['000000.dcm', '000001.dcm', '000002.dcm']);
});

test('on a medium, files have a preamble and a meta header also where they were stored without', async () => {
  const whole = (instance: number) => Buffer.from(syntheticInstance(identity(5, instance)));
  const metaBytes = (file: Buffer) => 132 + 12 + file.readUInt32LE(132 + 8);
  const stored = [
    whole(1),
    whole(2).subarray(128),
    whole(3).subarray(132),
    whole(4).subarray(metaBytes(whole(4))),
  ] as const;
  let study = '';
  for (const file of stored) study = (await store.store(file)).ids.study;
  const deps = depsOf();
  const files = await filesOf(archiveStream(deps, await planArchive(deps.index, [study], media), media));
  const directory = parsePart10(files.get('DICOMDIR') ?? Buffer.alloc(0), { stopAt: 'end' });
  const named = directory.dataSet
    .items(Tag.DirectoryRecordSequence)
    .flatMap((record) => record.text(Tag.ReferencedFileID) ?? []);
  assert.equal(named.length, 4);
  for (const [name, bytes] of files) {
    assert.equal(bytes.toString('latin1', 128, 132), 'DICM', name);
    const { hasMeta, problems, transferSyntax } = parsePart10(bytes);
    assert.deepEqual([hasMeta, problems, transferSyntax], [true, [], '1.2.840.10008.1.2.1'], name);
  }
  const bodies = [...files].filter(([name]) => name !== 'DICOMDIR').map(([, bytes]) => bytes);
  for (const file of stored) assert.ok(bodies.some((bytes) => bytes.includes(file)));
  const plan = await planArchive(deps.index, [study], archive);
  const plain = [...(await filesOf(archiveStream(deps, plan, archive))).values()];
  for (const file of stored) assert.ok(plain.some((bytes) => bytes.equals(file)));
});

test('a file whose header cannot be read is on the medium, but not in its directory', async () => {
  const { study, instances } = await storeStudy(6, 2);
  const deps = depsOf();
  const { reader } = deps;
  const garbage = Buffer.alloc(2000, 0xff);
  let count = 0;
  const broken: ArchiveDependencies['reader'] = {
    ...reader,
    async *lend(attachment) {
      if (count++ === 0) yield garbage;
      else yield* reader.lend(attachment);
    },
  };
  const plan = await planArchive(deps.index, [study], media);
  const files = await filesOf(archiveStream({ ...deps, reader: broken }, plan, media));
  assert.ok(files.get('IMAGES/IM0')?.equals(garbage));
  const { dataSet } = parsePart10(files.get('DICOMDIR') ?? Buffer.alloc(0), { stopAt: 'end' });
  assert.equal(dataSet.items(Tag.DirectoryRecordSequence).length, 4);
  assert.ok(warnings.join().includes(String(instances[0])));
});

test('each file of a medium is read once, whatever is said of it in the directory', async () => {
  const long = { tag: 0x00091001, vr: 'OB', value: new Uint8Array(3_000_000).fill(1) } as const;
  const bytes = syntheticInstance({ ...identity(7, 1), elements: [long] });
  const { ids } = await store.store(bytes);
  const deps = depsOf();
  let count = 0;
  const counting: ArchiveDependencies['reader'] = {
    ...deps.reader,
    lend(attachment) {
      count++;
      return deps.reader.lend(attachment);
    },
  };
  const plan = await planArchive(deps.index, [ids.study], media);
  const files = await filesOf(archiveStream({ ...deps, reader: counting }, plan, media));
  assert.ok(files.get('IMAGES/IM0')?.equals(bytes));
  assert.equal(count, 1);
});

test('what a job makes ends when it is cancelled, also where nobody takes it', async () => {
  const { study } = await storeStudy(8, 3);
  const deps = depsOf();
  const input = { ...archive, description: 'REST API', resources: [study], fileName: 'a.zip' };
  const { job, pieces } = createStreamedArchiveJob(deps, input, await planArchive(deps.index, [study], archive));
  const controller = new AbortController();
  const context = { id: 'x', signal: controller.signal, log, progress() {}, offer() {} };
  const run = Array.fromAsync(job.run(context));
  run.catch(() => undefined);
  const reader = pieces[Symbol.asyncIterator]();
  const first = await reader.next();
  controller.abort(new PharosError('CanceledJob'));
  await assert.rejects(run, { code: 'CanceledJob' });
  assert.equal((await reader.next()).done, true);
  await assert.rejects(fromBufferPromise(Buffer.from(first.value ?? [])), 'it has no directory');
});

test('archives beyond the room that there is wait for their turn, in order, and those that are cancelled wait no more', async () => {
  const { study } = await storeStudy(11, 3);
  const asStored: Transcoder = { ...transcoder, stored: async () => undefined };
  const deps = { ...depsOf(), transcoder: asStored, archiveRoom: createArchiveRoom(2 * archiveBytes) };
  const begun: string[] = [];
  const begin = async (name: string, transcode?: string) => {
    const input = { ...archive, transcode, description: 'REST API', resources: [study], fileName: 'a.zip' };
    const plan = await planArchive(deps.index, [study], archive);
    const { job, pieces, abandon } = createStreamedArchiveJob(deps, input, plan);
    const controller = new AbortController();
    const context = { id: name, signal: controller.signal, log, progress() {}, offer() {} };
    const run = Array.fromAsync(job.run(context));
    run.catch(() => undefined);
    const reader = pieces[Symbol.asyncIterator]();
    const first = reader.next().then(() => void begun.push(name));
    first.catch(() => undefined);
    return { run, reader, first, abandon, cancel: () => controller.abort(new PharosError('CanceledJob')) };
  };
  const one = await begin('one');
  const two = await begin('two');
  await Promise.all([one.first, two.first]);
  const three = await begin('three');
  const four = await begin('four', '1.2.840.10008.1.2.4.80');
  const five = await begin('five');
  const left = await begin('left');
  assert.ok(transcodedArchiveBytes > 2 * archiveBytes);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(begun.toSorted(), ['one', 'two']);
  three.cancel();
  await assert.rejects(three.run, { code: 'CanceledJob' });
  left.abandon();
  await assert.rejects(left.run, { code: 'CannotWriteFile' });
  await one.reader.return?.();
  await assert.rejects(one.run, { code: 'CannotWriteFile' });
  four.cancel();
  await assert.rejects(four.first, { code: 'CanceledJob' });
  await five.first;
  assert.deepEqual(begun.slice(2), ['five']);
  for (const { reader, run } of [two, five]) {
    while (!(await reader.next()).done);
    await run;
  }
  await (await begin('six', '1.2.840.10008.1.2.1')).first;
});

test('a job tells how many instances are missing in its archive', async () => {
  const { study, instances } = await storeStudy(10, 3);
  const deps = depsOf();
  const [, id] = instances;
  assert.ok(id);
  const lost = (await store.index.get(id, { attachments: true }))?.attachments[0]?.uuid;
  const input = { ...archive, description: 'REST API', resources: [study], fileName: 'a.zip' };
  const contentOf = async () => {
    const { job, pieces } = createStreamedArchiveJob(deps, input, await planArchive(deps.index, [study], archive));
    const { signal } = new AbortController();
    const context = { id: 'x', signal, log, progress() {}, offer() {} };
    await Promise.all([Array.fromAsync(job.run(context)), filesOf(pieces)]);
    return job.content();
  };
  assert.equal('MissingInstances' in (await contentOf()), false);
  await store.blobs.remove(lost === undefined ? [] : [lost]);
  assert.equal((await contentOf()).MissingInstances, 1);
});

test('where the server ends, who downloads gets to know that it has a part only', async () => {
  const { study } = await storeStudy(9, 3);
  const deps = depsOf();
  const input = { ...archive, description: 'REST API', resources: [study], fileName: 'a.zip' };
  const { job, pieces } = createStreamedArchiveJob(deps, input, await planArchive(deps.index, [study], archive));
  const controller = new AbortController();
  const context = { id: 'x', signal: controller.signal, log, progress() {}, offer() {} };
  const run = Array.fromAsync(job.run(context));
  run.catch(() => undefined);
  const reader = pieces[Symbol.asyncIterator]();
  await reader.next();
  controller.abort(new PharosError('DatabaseUnavailable'));
  await assert.rejects(run, { code: 'DatabaseUnavailable' });
  await assert.rejects(reader.next(), { code: 'DatabaseUnavailable' });
});
