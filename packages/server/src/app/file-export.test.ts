// An exported file is whole, or what was there before.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PharosError } from '../model/index.ts';
import { exportFile } from './file-export.ts';

async function* content(...pieces: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

test('a file takes the place of the one before, and only as a whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-export-'));
  const path = join(folder, 'a.dcm');
  writeFileSync(path, 'before');
  const unreadable = new PharosError('InexistentFile');
  await assert.rejects(exportFile(path, content(unreadable)), unreadable);
  await assert.rejects(exportFile(path, content('half', unreadable)), unreadable);
  assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(folder)], ['before', ['a.dcm']]);
  await exportFile(path, content('new', ' file'));
  assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(folder)], ['new file', ['a.dcm']]);
  await assert.rejects(exportFile(join(folder, 'none', 'a.dcm'), content('x')), { code: 'CannotWriteFile' });
  rmSync(folder, { recursive: true });
});
