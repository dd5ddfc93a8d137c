// A stored file that was damaged: its MD5 is refused, everything else about it is told, and its bytes can be had.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';

const file = Buffer.from(syntheticInstance({ kind: 'mr', patient: 1, study: 0, series: 0, instance: 0 }));

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server.discard());

function packsIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return names.filter((path) => path.endsWith('.pack') && statSync(path).isFile());
}

/** Changes the last byte of the file where it is stored. */
function damage(folder: string): void {
  for (const path of packsIn(folder)) {
    const bytes = readFileSync(path);
    const at = bytes.indexOf(file);
    if (at < 0) continue;
    bytes[at + file.length - 1] = (file.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    return;
  }
  assert.fail('the file lies in no pack');
}

test('a damaged file', async () => {
  const answer = await fetch(`${server.url}/instances`, { method: 'POST', body: file });
  const stored = JSON.parse(await answer.text());
  damage(server.folder);
  const ask = (view: string, method = 'GET') =>
    fetch(`${server.url}/instances/${stored.ID}/attachments/dicom/${view}`, { method });
  const size = await ask('size');
  assert.deepEqual([size.status, size.headers.get('etag'), await size.text()], [200, null, String(file.length)]);
  const data = Buffer.from(await (await ask('data')).arrayBuffer());
  assert.ok(data.subarray(0, -1).equals(file.subarray(0, -1)));
  assert.equal((await ask('md5')).status, 500);
  assert.equal((await ask('verify-md5', 'POST')).status, 400);
});
