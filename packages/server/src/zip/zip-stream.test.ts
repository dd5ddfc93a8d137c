// Archives that others open: Info-ZIP, Python, and a reader of ours' own choice.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromBufferPromise } from 'yauzl';
import { prepareEntry, type ZipEntry, zipStream } from './index.ts';

const modified = new Date(Date.UTC(2024, 1, 29, 12, 30, 42));

function entry(name: string, content: Uint8Array, change: Partial<ZipEntry> = {}): ZipEntry {
  return {
    name,
    modified,
    level: 6,
    length: content.byteLength,
    async *content() {
      for (let at = 0; at < content.byteLength; at += 10_000) yield content.subarray(at, at + 10_000);
    },
    ...change,
  };
}

async function archiveOf(entries: readonly ZipEntry[]): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(zipStream(entries)));
}

async function contentsOf(archive: Buffer): Promise<Readonly<Record<string, Buffer>>> {
  const zip = await fromBufferPromise(archive);
  const found: Record<string, Buffer> = {};
  for await (const item of zip.eachEntry()) {
    assert.equal(item.getLastModDate({ timezone: 'UTC' }).getTime(), modified.getTime());
    const pieces = await Array.fromAsync(await zip.openReadStreamPromise(item));
    found[String(item.fileName)] = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  }
  return found;
}

const long = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 251));
const entries = [
  entry('a/first.txt', Buffer.from('first')),
  entry('a/stored.bin', long, { level: 0 }),
  entry('of unknown length', long, { length: undefined }),
  entry('stored, of unknown length', long, { length: undefined, level: 0 }),
  entry('Ünïcode/日本.dcm', Buffer.from('x')),
  entry('empty', Buffer.alloc(0)),
];

test('what goes in comes out, by name', async () => {
  const found = await contentsOf(await archiveOf(entries));
  assert.deepEqual(
    Object.keys(found),
    entries.map(({ name }) => name),
  );
  for (const { name, content } of entries) {
    assert.ok(found[name]?.equals(Buffer.concat(await Array.fromAsync(content()))), name);
  }
});

test('entries that are compressed beforehand, where that gains something', async () => {
  const noise = crypto.getRandomValues(new Uint8Array(5000));
  const prepared = await Promise.all([
    prepareEntry({ name: 'long', modified, level: 6 }, long),
    prepareEntry({ name: 'noise', modified, level: 9 }, noise),
    prepareEntry({ name: 'as it is', modified, level: 0 }, long),
  ]);
  assert.deepEqual(
    prepared.map(({ isDeflated }) => isDeflated),
    [true, false, false],
  );
  const found = await contentsOf(Buffer.concat(await Array.fromAsync(zipStream(prepared))));
  assert.ok(found.long?.equals(long) && found.noise?.equals(noise) && found['as it is']?.equals(long));
});

test('an archive without entries is one', async () => {
  assert.deepEqual(await contentsOf(await archiveOf([])), {});
});

test('Python finds no fault, nor does unzip', async (context) => {
  const file = join(mkdtempSync(join(tmpdir(), 'pharos-zip-')), 'a.zip');
  writeFileSync(file, await archiveOf(entries));
  const tools = [
    ['python3', ['-m', 'zipfile', '-t', file]],
    ['unzip', ['-tq', file]],
  ] as const;
  for (const [tool, args] of tools) {
    const { error, status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
    if (error) context.diagnostic(`${tool} is not installed`);
    else assert.equal(status, 0, `${tool}: ${stdout}${stderr}`);
  }
});

test('more entries than 16 bits count', async () => {
  const many = Array.from({ length: 70_000 }, (_, index) => entry(`${index}`, Buffer.alloc(0), { level: 0 }));
  const archive = await archiveOf(many);
  assert.equal((await fromBufferPromise(archive)).entryCount, 70_000);
});

test('a failure of the content is that of the archive', async () => {
  const broken = entry('broken', Buffer.alloc(0), {
    async *content() {
      yield long;
      throw new Error('no more to read');
    },
  });
  for (const level of [0, 6]) await assert.rejects(archiveOf([{ ...broken, level }]), /no more to read/);
});
