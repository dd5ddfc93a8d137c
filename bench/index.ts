// Cost of the index: header-only instances are added one by one or in batches of four, until it holds 1,000, 10,000 and 100,000;
// then the searches that people make are timed. CPU is of the whole process (user and system), so that the checkpoint thread counts.
// Usage: node bench/index.ts [--sizes 1000,10000,100000] [--batches 1,4]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqliteIndex } from '../packages/server/src/index-sqlite/index.ts';
import { Attachment, Metadata, resourceIds } from '../packages/server/src/model/index.ts';
import type { IndexQuery, IndexStore, Log, NewInstance } from '../packages/server/src/ports/index.ts';

const { values: options } = parseArgs({
  options: { sizes: { type: 'string', default: '1000,10000,100000' }, batches: { type: 'string', default: '1,4' } },
});
const numbers = (list: string): number[] => list.split(',').map(Number);

const silent = { error: console.error, warn() {}, info() {}, trace() {} };
const log: Log = { of: () => silent, level: () => 'default', setLevel() {} };
const noLimits = { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' } as const;

const surnames = [
  'SMITH',
  'DUPONT',
  'MUELLER',
  'ROSSI',
  'GARCIA',
  'TANAKA',
  'NOVAK',
  'JANSEN',
  'SILVA',
  'KOWALSKI',
  'IVANOV',
  'NGUYEN',
  'BROWN',
  'PEETERS',
  'LEFEBVRE',
  'SCHMIDT',
  'MARTIN',
  'LOPEZ',
  'ANDERSSON',
  'WALTON',
];
const given = [
  'ANNA',
  'BRUNO',
  'CHLOE',
  'DAVID',
  'ELENA',
  'FELIX',
  'GRETA',
  'HUGO',
  'IRIS',
  'JULES',
  'KARIN',
  'LOUIS',
  'MARIE',
  'NILS',
  'OLGA',
  'PAUL',
  'QUINN',
  'ROSA',
  'SIMON',
  'TESSA',
];
/** A number below `end` that follows from n alone and looks random. */
function scattered(n: number, end: number): number {
  let t = Math.imul(n + 0x6d2b79f5, 0x85ebca6b);
  t = Math.imul(t ^ (t >>> 13), 0xc2b2ae35);
  return ((t ^ (t >>> 16)) >>> 0) % end;
}

const pick = (list: readonly string[], n: number): string => list[scattered(n, list.length)] ?? '';
const digits = (n: number, width: number): string => String(n).padStart(width, '0');
const signature =
  '0008,0012;0008,0013;0008,0018;0020,0012;0020,0013;0020,0032;0020,0037;0020,0100;0020,4000;0028,0008;0054,1330';

/** The n-th instance: four to a series, two series to a study, two studies to a patient. */
function instanceOf(n: number, startedAt: number): NewInstance {
  const [series, study, patient] = [n >> 2, n >> 3, n >> 4];
  const root = '1.2.826.0.1.3680043.9.799';
  const identifiers = {
    patientId: `PAT99${100_000 + patient}`,
    studyInstanceUid: `${root}.1.${100_000 + study}`,
    seriesInstanceUid: `${root}.2.${100_000 + study}.${100 + (series & 1)}`,
    sopInstanceUid: `${root}.3.${100_000 + study}.${100 + (series & 1)}.${10_000 + (n & 3)}`,
  };
  const when = scattered(study, 3_360);
  const date = `${2015 + Math.floor(when / 336)}${digits(1 + (Math.floor(when / 28) % 12), 2)}${digits(1 + (when % 28), 2)}`;
  const received = new Date(startedAt + n).toISOString().replace(/[-:]/g, '').slice(0, 15);
  const uuid = `${digits(n % 10_000_000, 8)}-1111-4111-8111-${digits((n * 7919) % 1_000_000_000, 12)}`;
  const md5 = resourceIds(identifiers).instance.replaceAll('-', '').slice(0, 32);
  return {
    ids: resourceIds(identifiers),
    tags: {
      Patient: {
        '0010,0010': `${pick(surnames, patient)}^${pick(given, patient + 1_000_003)}`,
        '0010,0020': identifiers.patientId,
        '0010,0030': `${1930 + (patient % 80)}0615`,
        '0010,0040': patient & 1 ? 'M' : 'F',
      },
      Study: {
        '0008,0020': date,
        '0008,0030': '101500',
        '0008,0050': `ACC99${100_000 + study}`,
        '0008,1030': 'CT THORAX',
        '0020,000d': identifiers.studyInstanceUid,
        '0020,0010': String(100_000 + study),
      },
      Series: {
        '0008,0021': date,
        '0008,0060': 'CT',
        '0008,0070': 'Pharos',
        '0008,103e': 'Soft tissue 5.0',
        '0018,0015': 'CHEST',
        '0020,000e': identifiers.seriesInstanceUid,
        '0020,0011': String(1 + (series & 1)),
      },
      Instance: {
        '0008,0018': identifiers.sopInstanceUid,
        '0020,0012': '1',
        '0020,0013': String(1 + (n & 3)),
        '0020,0032': '-250\\-250\\-120.5',
        '0020,0037': '1\\0\\0\\0\\1\\0',
      },
    },
    metadata: {
      Patient: { [Metadata.MainDicomTagsSignature]: '0010,0010;0010,0020;0010,0030;0010,0040;0010,1000' },
      Study: { [Metadata.MainDicomTagsSignature]: signature },
      Series: { [Metadata.RemoteAET]: 'SCANNER', [Metadata.MainDicomTagsSignature]: signature },
      Instance: {
        [Metadata.IndexInSeries]: String(1 + (n & 3)),
        [Metadata.ReceptionDate]: received,
        [Metadata.RemoteAET]: 'SCANNER',
        [Metadata.Origin]: 'DicomProtocol',
        [Metadata.TransferSyntax]: '1.2.840.10008.1.2.1',
        [Metadata.SopClassUid]: '1.2.840.10008.5.1.4.1.1.2',
        [Metadata.RemoteIP]: '127.0.0.1',
        [Metadata.CalledAET]: 'PHAROS',
        [Metadata.PixelDataOffset]: String(3_000 + (n & 15)),
        [Metadata.MainDicomTagsSignature]: signature,
      },
    },
    attachments: [
      {
        type: Attachment.dicom,
        uuid,
        compression: 'none',
        uncompressedSize: 3_000,
        compressedSize: 3_000,
        uncompressedMd5: md5,
        compressedMd5: md5,
        revision: 0,
      },
    ],
    receivedAt: received,
    overwrite: 'Never',
  };
}

function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

interface AddCost {
  /** CPU of the process, us an instance. */
  readonly cpu: number;
  /** Median of the batches, us an instance: what it costs when nothing else disturbs. */
  readonly median: number;
}

/** Adds instances [from, to); the making of the instances does not count. */
async function add(index: IndexStore, from: number, to: number, batch: number, startedAt: number): Promise<AddCost> {
  let cpu = 0;
  const spent: number[] = [];
  for (let at = from; at < to; at += 2_000) {
    const made = Array.from({ length: Math.min(2_000, to - at) }, (_, n) => instanceOf(at + n, startedAt));
    const startCpu = process.cpuUsage();
    for (let n = 0; n < made.length; n += batch) {
      const start = performance.now();
      await index.addInstances(made.slice(n, n + batch), noLimits);
      spent.push(performance.now() - start);
    }
    cpu += cpuSince(startCpu);
  }
  const median = spent.sort((a, b) => a - b)[spent.length >> 1] ?? 0;
  return { cpu: cpu / (to - from), median: (median * 1_000) / batch };
}

async function time(run: () => Promise<unknown>, times: number): Promise<number> {
  const spent: number[] = [];
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    await run();
    spent.push(performance.now() - start);
  }
  return spent.sort((a, b) => a - b)[times >> 1] ?? 0;
}

async function all(index: IndexStore, query: IndexQuery): Promise<number> {
  let found = 0;
  for await (const batch of index.find(query, {})) found += batch.length;
  return found;
}

const tag = { id: 0x00100020, name: 0x00100010, date: 0x00080020, modality: 0x00080060, sop: 0x00080018 };
const byName = (pattern: string) =>
  ({ tag: tag.name, level: 'Patient', match: { kind: 'wildcard', pattern }, caseSensitive: false }) as const;

async function measureFinds(index: IndexStore, size: number): Promise<void> {
  const study = (terms: IndexQuery['terms']): IndexQuery => ({ level: 'Study', terms });
  const date = (from: string, to: string) =>
    ({ tag: tag.date, level: 'Study', match: { kind: 'range', from, to }, caseSensitive: false }) as const;
  const patientId = `PAT99${100_000 + (size >> 5)}`;
  const someInstance = instanceOf(size >> 1, 0).ids;
  const queries: Readonly<Record<string, IndexQuery>> = {
    PatientID: study([
      { tag: tag.id, level: 'Patient', match: { kind: 'equal', value: patientId }, caseSensitive: false },
    ]),
    'PatientName SMITH*': study([byName('SMITH*')]),
    'PatientName SMITH* limit 20': { ...study([byName('SMITH*')]), limit: 20 },
    'PatientName *ANNA*': study([byName('*ANNA*')]),
    'StudyDate one month': study([date('20190601', '20190630')]),
    'StudyDate one year and SMITH*': study([date('20190101', '20191231'), byName('SMITH*')]),
    'series Modality MR (no index)': {
      level: 'Series',
      terms: [{ tag: tag.modality, level: 'Series', match: { kind: 'equal', value: 'MR' }, caseSensitive: false }],
    },
    'all studies': { level: 'Study' },
    'page of 100 instances at the middle': { level: 'Instance', since: size >> 1, limit: 100 },
  };
  for (const [name, query] of Object.entries(queries)) {
    const found = await all(index, query);
    console.log(`  find ${name}: ${(await time(() => all(index, query), 15)).toFixed(3)} ms (${found} found)`);
  }
  const whole = { tags: true, ancestors: true, children: true, metadata: true, labels: true, attachments: true };
  const reads: Readonly<Record<string, () => Promise<unknown>>> = {
    'get instance, all fields': () => index.get(someInstance.instance, whole),
    'get study, all fields': () => index.get(someInstance.study, whole),
    'changes, 100 from the middle': () => index.changes({ since: size >> 1, limit: 100 }),
    'last change': () => index.lastChange(),
    lookup: () => index.lookup(`1.2.826.0.1.3680043.9.799.1.${100_000 + (size >> 4)}`),
    'counts and disk usage': async () => [await index.counts(), await index.diskUsage()],
    sync: async () => {
      await index.setProperty('bench', String(performance.now()));
      await index.sync();
    },
  };
  for (const [name, run] of Object.entries(reads)) console.log(`  ${name}: ${(await time(run, 25)).toFixed(3)} ms`);
}

async function measure(batch: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-bench-'));
  const startedAt = Date.parse('2026-11-23T00:00:00Z');
  const sizes = numbers(options.sizes);
  try {
    const index = await openSqliteIndex({ folder, log });
    let stored = 0;
    for (const size of sizes) {
      const { cpu, median } = await add(index, stored, size, batch, startedAt);
      stored = size;
      const bytes = statSync(join(folder, 'index.db')).size + statSync(join(folder, 'index.db-wal')).size;
      const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
      console.log(
        `batches of ${batch}, to ${size}: ${cpu.toFixed(1)} us CPU, ${median.toFixed(1)} us elapsed (median) an instance; ` +
          `${(bytes / size).toFixed(0)} bytes an instance with the log, RSS ${memory} MB`,
      );
    }
    if (batch === numbers(options.batches).at(-1)) await measureFinds(index, stored);
    const closing = performance.now();
    await index.close();
    const closed = performance.now();
    const again = await openSqliteIndex({ folder, log });
    console.log(
      `  close ${(closed - closing).toFixed(0)} ms, open ${(performance.now() - closed).toFixed(0)} ms, ` +
        `${(statSync(join(folder, 'index.db')).size / stored).toFixed(0)} bytes an instance closed`,
    );
    const doomed = instanceOf(stored >> 1, startedAt).ids.patient;
    await again.deleteResource({ level: 'Patient', id: doomed }, '20261123T000000');
    await again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const batch of numbers(options.batches)) await measure(batch);
