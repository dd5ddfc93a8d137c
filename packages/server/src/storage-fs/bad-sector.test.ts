// A disk that cannot read some bytes any more: what lies elsewhere is moved and given back all the same, and room is not used up by trying.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { rowsOf } from '@pharos/testkit';
import { openFileStore } from './index.ts';
import { store } from './store-fixture.ts';

async function bytesIn(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** From now on no read that begins at this place succeeds. */
function breakReads(position: number): void {
  const readv = fs.readv;
  mock.method(fs, 'readv', (...args: Parameters<typeof fs.readv>) => {
    if (args[2] !== position) return readv(...args);
    const failed = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    setImmediate(() => args[3](failed, 0, args[1]));
  });
  syncBuiltinESMExports();
}

test('a pack with a bad sector does not keep others from being compacted, and nothing is copied again and again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-sector-'));
  const blobs = await openFileStore({ folder, sync: false, packBytes: 200_000 });
  try {
    const contents = new Map<string, Buffer>();
    const keys: string[] = [];
    for (let n = 0; n < 24; n++) {
      const bytes = randomBytes(28_000);
      keys.push(await store(blobs, bytes));
      contents.set(keys.at(-1) ?? '', bytes);
    }
    // Two packs of seven: of each, three are removed.
    const gone = [0, 1, 2, 9, 10, 11].map((n) => keys[n] ?? '');
    const kept = new Set(keys.filter((key) => !gone.includes(key)));
    const rows = rowsOf(kept);
    await blobs.remove(gone);
    breakReads(3 * 28_672);
    await blobs.compact(rows);
    const size = await bytesIn(join(folder, 'packs'));
    for (let round = 0; round < 3; round++) await blobs.compact(rows);
    assert.equal(await bytesIn(join(folder, 'packs')), size, 'what was moved once is not moved again');
    const bad = kept.has(keys[3] ?? '') ? keys[3] : undefined;
    assert.ok(bad, 'what cannot be read stays where it is');
    assert.ok(!kept.has(keys[12] ?? ''), 'the next pack was compacted');
    assert.equal([...kept].filter((key) => key.startsWith('00000001')).length, 1);
    mock.restoreAll();
    syncBuiltinESMExports();
    const whole = new Set([...contents.values()].map((bytes) => bytes.toString('hex')));
    for (const key of kept) {
      assert.ok(whole.has(Buffer.from(await blobs.read(key)).toString('hex')), key);
    }
  } finally {
    mock.restoreAll();
    syncBuiltinESMExports();
    await blobs.close();
    await rm(folder, { recursive: true });
  }
});
