// What one instance costs in the pipeline itself, without HTTP or DIMSE: CPU per instance and instances a second through
// createIngest with the real index and file store, four at a time, synced.
// node bench/ingest-micro.ts [ct|mr|header ...] [--count=1000] [--at-once=4] [--no-sync] [--folder=/tmp]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { standardDictionary } from '@pharos/dicom';
import { openSqliteIndex } from '../packages/server/src/index-sqlite/index.ts';
import { createMainDicomTagRegistry } from '../packages/server/src/model/index.ts';
import type { Log, Metrics } from '../packages/server/src/ports/index.ts';
import { createAttachmentWriter, createIngest } from '../packages/server/src/services/ingest/index.ts';
import { openFileStore } from '../packages/server/src/storage-fs/index.ts';
import { type SyntheticKind, syntheticInstance } from '../packages/testkit/src/synthetic-instance.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '4' },
    'no-sync': { type: 'boolean', default: false },
    folder: { type: 'string', default: tmpdir() },
  },
});

const kinds = (['ct', 'mr', 'header'] as const).filter(
  (kind) => positionals.length === 0 || positionals.includes(kind),
);
const count = Number(values.count);
const atOnce = Number(values['at-once']);
const sync = !values['no-sync'];
/** As they come from a socket. */
const chunkBytes = 65536;

const silent = { error: console.error, warn: console.error, info() {}, trace() {} };
const log: Log = { of: () => silent, level: () => 'default', setLevel() {} };
const metrics: Metrics = {
  isEnabled: () => true,
  setEnabled() {},
  add() {},
  observe() {},
  text: async () => '',
  gauge() {},
};

async function measure(kind: SyntheticKind): Promise<void> {
  const folder = await mkdtemp(join(values.folder, 'pharos-bench-'));
  const blobs = await openFileStore({ folder, sync, log });
  const index = await openSqliteIndex({ folder, log });
  const settings = {
    StorageCompression: false,
    StoreMD5ForAttachments: true,
    MaximumStorageSize: 0,
    MaximumPatientCount: 0,
    MaximumStorageMode: 'Recycle',
    OverwriteInstances: 'Never',
    SyncStorageArea: sync,
    StoreDicom: true,
  } as const;
  const ingest = createIngest({
    index,
    blobs,
    settings,
    attachmentWriter: createAttachmentWriter({ blobs, settings }),
    live: { fallbackCharset: () => 'ISO_IR 100' },
    mainTags: createMainDicomTagRegistry(),
    dictionary: standardDictionary,
    clock: { now: () => new Date() },
    log,
    metrics,
  });
  const file = (number: number): Uint8Array =>
    syntheticInstance({ kind, patient: number % 10, study: 0, series: 0, instance: number });
  const size = file(0).byteLength;

  const store = async (bytes: Uint8Array): Promise<void> => {
    const intake = ingest.begin({ origin: 'RestApi', remoteIp: '127.0.0.1', httpUsername: '' });
    for (let at = 0; at < bytes.byteLength; at += chunkBytes) await intake.push(bytes.subarray(at, at + chunkBytes));
    const { status } = await intake.finish();
    if (status !== 'Success') throw new Error(status);
  };

  const runOf = async (first: number, instances: number): Promise<{ cpu: number; seconds: number }> => {
    // Files are made in groups beforehand, so that making them is not measured.
    let cpu = 0;
    let seconds = 0;
    for (let done = 0; done < instances; done += 100) {
      const files = Array.from({ length: Math.min(100, instances - done) }, (_, n) => file(first + done + n));
      const before = process.cpuUsage();
      const started = performance.now();
      let next = 0;
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let bytes = files[next++]; bytes; bytes = files[next++]) await store(bytes);
        }),
      );
      const used = process.cpuUsage(before);
      seconds += (performance.now() - started) / 1000;
      cpu += (used.user + used.system) / 1000;
    }
    return { cpu, seconds };
  };

  await runOf(1_000_000, Math.min(count, 400));
  const { cpu, seconds } = await runOf(0, count);
  console.log(
    `${kind.padEnd(7)} ${String(size).padStart(7)} bytes  ${(cpu / count).toFixed(2)} ms CPU an instance  ${(count / seconds).toFixed(0)} a second`,
  );
  await index.close();
  await blobs.close();
  await rm(folder, { recursive: true });
}

for (const kind of kinds) await measure(kind);
