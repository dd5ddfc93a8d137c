// Archives that others open: Info-ZIP, Python, and a reader of our own choice; and what is held in memory meanwhile.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromBufferPromise } from 'yauzl';
import { createCompressor, type OpenedEntry, type ZipEntry, zipStream } from './index.ts';

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

const centralHeader = Buffer.from('PK\x01\x02');
const sizesBehind = 8;

test('small entries are compressed where that gains something, and tell their sizes beforehand', async () => {
  const noise = crypto.getRandomValues(new Uint8Array(5000));
  const archive = await archiveOf([
    entry('text', long.subarray(0, 5000), { level: 6 }),
    entry('noise', noise, { level: 9 }),
    entry('as it is', long.subarray(0, 5000), { level: 0 }),
  ]);
  const methods: number[] = [];
  for (let at = archive.indexOf(centralHeader); at >= 0; at = archive.indexOf(centralHeader, at + 1)) {
    assert.equal(archive.readUInt16LE(at + 8) & sizesBehind, 0);
    methods.push(archive.readUInt16LE(at + 10));
  }
  assert.deepEqual(methods, [8, 0, 0]);
  const found = await contentsOf(archive);
  assert.ok(found.noise?.equals(noise) && found.text?.equals(long.subarray(0, 5000)));
});

test('an archive without entries is one', async () => {
  assert.deepEqual(await contentsOf(await archiveOf([])), {});
});

function testWithTools(archive: Buffer, context: TestContext): void {
  const file = join(mkdtempSync(join(tmpdir(), 'pharos-zip-')), 'a.zip');
  writeFileSync(file, archive);
  const tools = [
    ['python3', ['-m', 'zipfile', '-t', file]],
    ['unzip', ['-tq', file]],
  ] as const;
  for (const [tool, args] of tools) {
    const { error, status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
    if (error) context.diagnostic(`${tool} is not installed`);
    else assert.equal(status, 0, `${tool}: ${stdout}${stderr}`);
  }
}

test('Python finds no fault, nor does unzip', async (context) => {
  testWithTools(await archiveOf(entries), context);
});

test('an archive has a comment where there is something to say', async () => {
  const archive = Buffer.concat(await Array.fromAsync(zipStream(entries, { comment: () => 'something is missing' })));
  assert.equal(String((await fromBufferPromise(archive)).comment), 'something is missing');
  assert.equal(String((await fromBufferPromise(await archiveOf(entries))).comment), '');
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

const opened = (name: string, change: Partial<OpenedEntry> & Pick<OpenedEntry, 'open'>): OpenedEntry => ({
  name,
  modified,
  ...change,
});

test('in place of an entry that fails another is written, or none; the archive has no trace of it that readers mind', async (context) => {
  const failing = (bytes: number): ZipEntry =>
    entry('fails', long, {
      level: bytes % 2 === 0 ? 6 : 0,
      async *content() {
        yield long.subarray(0, bytes);
        if (bytes > 200_000) yield long;
        throw new Error('no more to read');
      },
    });
  const told: string[] = [];
  const of = (name: string, first: ZipEntry, instead: readonly ZipEntry[]): OpenedEntry => {
    const left = [...instead];
    return opened(name, {
      open: async () => first,
      instead: async (error) => {
        assert.match(String(error), /no more to read/);
        return left.shift();
      },
      done: (isWritten) => told.push(`${name} ${isWritten}`),
    });
  };
  const archive = Buffer.concat(
    await Array.fromAsync(
      zipStream([
        of('a', entry('a', long), []),
        of('late', failing(290_000), [entry('whole', long)]),
        of('stored, late', failing(290_001), [failing(10), failing(290_000), entry('whole', long)]),
        of('early', failing(10), [entry('whole', long)]),
        of('lost', failing(290_000), [failing(10)]),
        of('z', entry('z', long), []),
      ]),
    ),
  );
  const found = await contentsOf(archive);
  assert.deepEqual(Object.keys(found), ['a', 'late', 'stored, late', 'early', 'z']);
  assert.ok(Object.values(found).every((bytes) => bytes.equals(long)));
  assert.deepEqual(told, ['a true', 'late true', 'stored, late true', 'early true', 'lost false', 'z true']);
  testWithTools(archive, context);
});

test('an entry that turns out not to be there is left out; a late one is opened when all others are done', async () => {
  const told: string[] = [];
  const of = (name: string, isThere: boolean, isLate = false): OpenedEntry =>
    opened(name, {
      isLate,
      async open() {
        told.push(`open ${name}`);
        return isThere ? entry(name, long) : undefined;
      },
      done: (isWritten) => told.push(`${isWritten ? 'written' : 'left out'} ${name}`),
    });
  const entries = [of('a', true), of('b', false), of('c', true), of('directory', true, true)];
  const found = await contentsOf(Buffer.concat(await Array.fromAsync(zipStream(entries))));
  assert.deepEqual(Object.keys(found), ['a', 'c', 'directory']);
  assert.deepEqual(
    told.filter((text) => !/open [abc]/.test(text)),
    ['written a', 'left out b', 'written c', 'open directory', 'written directory'],
  );
});

/** Content that counts what is read of it, and knows whether it is open. */
function watched(pieces: number) {
  const state = { read: 0, isOpen: false };
  const piece = Buffer.alloc(64 * 1024, 7);
  async function* content(): AsyncGenerator<Uint8Array> {
    state.isOpen = true;
    try {
      for (let at = 0; at < pieces; at++) {
        state.read++;
        yield piece;
      }
    } finally {
      state.isOpen = false;
    }
  }
  return { state, content };
}

test('what nobody takes is not read; who leaves closes everything', async () => {
  const all = Array.from({ length: 30 }, () => watched(1000));
  const compressor = createCompressor(2);
  const pieces = zipStream(
    all.map(({ content }, at) => ({ name: `${at}`, modified, level: 0, content })),
    { compressor },
  );
  for (let at = 0; at < 10; at++) await pieces.next();
  // Longer than any read of these takes.
  await new Promise((resolve) => setImmediate(resolve));
  const read = all.reduce((sum, { state }) => sum + state.read, 0);
  assert.ok(read < 200, `${read} pieces of 64 KB were read`);
  await pieces.return();
  assert.ok(all.every(({ state }) => !state.isOpen));
});

test('many archives at once share one compressor, each with its own content', async () => {
  const compressor = createCompressor(3);
  const archives = await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const own = Buffer.concat([Buffer.from(`${at}`), long]);
      const archive = zipStream([entry('first', own), entry('second', own, { level: 1 })], { compressor });
      return { own, archive: Buffer.concat(await Array.fromAsync(archive)) };
    }),
  );
  for (const { own, archive } of archives) {
    const { first, second } = await contentsOf(archive);
    assert.ok(first?.equals(own) && second?.equals(own));
  }
});

test('the memory of a piece of content may be used again for the next one', async () => {
  const memory = Buffer.alloc(100_000);
  const content = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < 20; at++) yield memory.fill(at);
  };
  const all = Buffer.concat(Array.from({ length: 20 }, (_, at) => Buffer.alloc(100_000, at)));
  for (const level of [0, 1]) {
    const { lent } = await contentsOf(
      Buffer.concat(await Array.fromAsync(zipStream([{ name: 'lent', modified, level, content }]))),
    );
    assert.ok(lent?.equals(all));
  }
});
