// Kills a process in the middle of its ingest, again and again on the same folder, and looks at what is left each time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { Attachment } from '../../server/src/model/index.ts';
import { hashed } from '../../server/src/services/read/index.ts';
import { blobKeys } from './blob-keys.ts';
import { type IngestFixture, md5, openIngest } from './ingest-fixture.ts';

export interface CrashReport {
  readonly acknowledged: number;
  /** What went wrong, one line each; empty is the goal. */
  readonly faults: readonly string[];
}

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Lets the process store some instances, kills it in the middle of others, gives what it acknowledged: MD5 by instance. */
async function storeUntilKilled(
  folder: string,
  first: number,
  compression: string,
): Promise<ReadonlyMap<string, string>> {
  const running = spawn(process.execPath, [child, folder, String(first), compression], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged = new Map<string, string>();
  const exited = once(running, 'exit');
  const enough = Math.random() * 60;
  let lines = 0;
  for await (const line of createInterface(running.stdout)) {
    if (lines++ >= enough) wait(Math.random() * 8).then(() => running.kill('SIGKILL'));
    const [id, sum] = line.split(' ');
    if (id && sum?.length === 32) acknowledged.set(id, sum);
  }
  await exited;
  return acknowledged;
}

/** @param bytesOf of which instances the bytes are compared; all must have a file */
async function check(
  fixture: IngestFixture,
  acknowledged: ReadonlyMap<string, string>,
  bytesOf: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const { index, blobs, folder } = fixture;
  const faults: string[] = [];
  const missing = new Set(acknowledged.keys());
  const keys = new Set<string>();
  for await (const batch of index.find({ level: 'Instance' }, { attachments: true })) {
    for (const { id, attachments } of batch) {
      missing.delete(id);
      for (const attachment of attachments) {
        const { type, uuid, compression } = attachment;
        keys.add(uuid);
        if (!bytesOf.has(id)) continue;
        const stored = await blobs.read(uuid).catch(() => undefined);
        if (!stored) {
          faults.push(`instance ${id} has no file`);
          continue;
        }
        const found = md5(compression === 'zlib' ? inflateSync(stored.subarray(8)) : stored);
        const sent = type === Attachment.dicom ? acknowledged.get(id) : undefined;
        const expected = sent ?? (await hashed(fixture, attachment)).uncompressedMd5;
        if (found !== expected) faults.push(`instance ${id} has other bytes`);
      }
    }
  }
  for (const id of missing) faults.push(`instance ${id} was acknowledged and is gone`);
  const files = await blobKeys(folder);
  const present = new Set(files);
  for (const key of files) if (!keys.has(key)) faults.push(`file ${key} has no row`);
  for (const key of keys) if (!present.has(key)) faults.push(`row of ${key} has no file`);
  return faults;
}

/** @param kills how many times the process dies */
export async function crashDrill(kills: number, compression: 'none' | 'zlib' = 'none'): Promise<CrashReport> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-crash-'));
  const acknowledged = new Map<string, string>();
  const faults: string[] = [];
  try {
    for (let round = 0; round < kills && faults.length === 0; round++) {
      const stored = await storeUntilKilled(folder, round * 100_000, compression);
      for (const [id, sum] of stored) acknowledged.set(id, sum);
      const fixture = await openIngest({ folder });
      faults.push(...(await check(fixture, acknowledged, round === kills - 1 ? acknowledged : stored)));
      await fixture.close();
    }
    return { acknowledged: acknowledged.size, faults };
  } finally {
    await rm(folder, { recursive: true });
  }
}
