// The crash drill: a server under mixed ingest is killed at a random moment, started again, and everything it had acknowledged
// must be there, byte for byte; nothing may be indexed without its file, no file may stay that is not indexed.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { blobKeys } from './blob-keys.ts';
import { startServer } from './server-process.ts';
import { type SyntheticKind, syntheticInstance } from './synthetic-instance.ts';

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** What went wrong, one line each; empty is the goal. */
  readonly faults: readonly string[];
}

interface Acknowledged {
  readonly id: string;
  readonly md5: string;
}

const connections = 4;
const kinds: readonly SyntheticKind[] = ['header', 'mr', 'header', 'ct'];
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Uploads until the server is gone; `next` numbers the instances over all rounds. */
async function uploadUntilGone(url: string, next: () => number, acknowledged: Acknowledged[]): Promise<void> {
  for (;;) {
    const number = next();
    const kind = kinds[number % kinds.length] ?? 'header';
    const body = Buffer.from(
      syntheticInstance({ kind, patient: number % 50, study: 0, series: number % 7, instance: number }),
    );
    try {
      const response = await fetch(`${url}/instances`, { method: 'POST', body });
      const answer: unknown = await response.json();
      if (!response.ok || !isRecord(answer) || typeof answer.ID !== 'string') continue;
      acknowledged.push({ id: answer.ID, md5: md5(body) });
      if (number % 11 === 0)
        await fetch(`${url}/instances/${answer.ID}/metadata/1024`, { method: 'PUT', body: 'kept' });
    } catch {
      return;
    }
  }
}

async function check(
  url: string,
  storage: string,
  acknowledged: readonly Acknowledged[],
  faults: string[],
): Promise<void> {
  const listing: unknown = await (await fetch(`${url}/instances?response-content=Attachments`)).json();
  const listed = Array.isArray(listing) ? listing.filter(isRecord) : [];
  const known = new Set(listed.map((item) => String(item.ID)));
  for (const { id, md5: expected } of acknowledged) {
    if (!known.has(id)) {
      faults.push(`acknowledged instance ${id} is not indexed`);
      continue;
    }
    const response = await fetch(`${url}/instances/${id}/file`);
    const found = md5(new Uint8Array(await response.arrayBuffer()));
    if (found !== expected)
      faults.push(`acknowledged instance ${id} came back with other bytes (status ${response.status})`);
  }
  const uuids = new Set<string>();
  for (const item of listed) {
    for (const attachment of Array.isArray(item.Attachments) ? item.Attachments.filter(isRecord) : [])
      uuids.add(String(attachment.Uuid));
  }
  const present = new Set(await blobKeys(storage));
  for (const uuid of uuids) if (!present.has(uuid)) faults.push(`indexed attachment ${uuid} has no file`);
  for (const key of present) if (!uuids.has(key)) faults.push(`file ${key} is not indexed`);
}

/**
 * @param kills how many times the server dies
 * @param command the server; default Pharos from its sources
 */
export async function killIngest(kills: number, command?: readonly string[]): Promise<KillReport> {
  const acknowledged: Acknowledged[] = [];
  const faults: string[] = [];
  let counter = 0;
  let folder: string | undefined;
  for (let round = 0; round < kills; round++) {
    const server = await startServer({ folder, command });
    folder = server.folder;
    const before = acknowledged.length;
    const uploads = Array.from({ length: connections }, () =>
      uploadUntilGone(server.url, () => counter++, acknowledged),
    );
    await wait(20 + Math.random() * 400);
    await server.kill();
    await Promise.all(uploads);
    const again = await startServer({ folder, command });
    await check(again.url, join(folder, 'storage'), acknowledged.slice(before), faults);
    if (round === kills - 1) await check(again.url, join(folder, 'storage'), acknowledged, faults);
    await again.kill();
  }
  const last = await startServer({ folder, command });
  await last.discard();
  return { kills, acknowledged: acknowledged.length, faults };
}
