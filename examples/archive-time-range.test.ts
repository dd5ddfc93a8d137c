// Archives of the studies of some days.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromBufferPromise } from 'yauzl';
import { type FilledServer, instances, runToEnd, startFilled, testedServers } from './shared/example-fixture.ts';

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'pharos-archives-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function entriesOf(path: string): Promise<number> {
  const zip = await fromBufferPromise(await readFile(path));
  return (await Array.fromAsync(zip.eachEntry())).length;
}

/** Resolves once nothing has come for the StableAge of the server. */
async function untilStable({ client }: FilledServer, studies: number): Promise<void> {
  const seen = new Set<string>();
  for await (const { ChangeType, ID } of client.changes(0, { follow: true, pauseMs: 50 })) {
    if (ChangeType === 'StableStudy') seen.add(ID);
    if (seen.size === studies) return;
  }
}

for (const { name, command, missing } of testedServers) {
  test(`the studies of ${name} within the days are downloaded, again only where they have changed`, {
    skip: missing,
  }, async () => {
    // Dates: 20110215, 20110315, 20120215.
    const content = [...instances(1, 1, 1, 3), ...instances(1, 2, 1, 2), ...instances(2, 1, 1, 1)];
    await using server = await startFilled({ command, configuration: { StableAge: 2 } }, content);
    await using folder = await temporaryFolder();
    const target = join(folder.path, 'made');
    const run = (...args: readonly string[]) =>
      runToEnd('archive-time-range', `--target=${target}`, ...args, server.url);
    await untilStable(server, 3);

    const first = await run('--from=20110301', '--to=20120215');
    assert.equal(first.errors, '');
    assert.equal(first.code, 0);
    assert.match(first.output, /\n2 archives downloaded, 0 were there, 0 failed\n$/);
    const [older = '', newer = '', ...others] = (await readdir(target)).sort();
    assert.deepEqual(others, []);
    assert.match(older, /^20110315 PAT0000001 Synthetic_OT [0-9a-f-]{44}\.zip$/);
    assert.match(newer, /^20120215 PAT0000002 /);
    assert.deepEqual([await entriesOf(join(target, older)), await entriesOf(join(target, newer))], [2, 1]);

    const second = await run('--from=20110301');
    assert.match(second.output, /\n0 archives downloaded, 2 were there, 0 failed\n$/);

    await server.upload({ kind: 'header', patient: 1, study: 2, series: 1, instance: 9 });
    const third = await run('--to=20111231');
    assert.match(third.output, /\n2 archives downloaded, 0 were there, 0 failed\n$/);
    assert.equal(await entriesOf(join(target, older)), 3);
    assert.equal((await readdir(target)).length, 3);
  });
}

test('an archive that breaks off leaves nothing, and the others are downloaded', async () => {
  const studies = ['broken', 'whole'].map((ID) => ({ ID, Type: 'Study', MainDicomTags: { StudyDate: '20200101' } }));
  const answers: Readonly<Record<string, string>> = {
    '/system': '{}',
    '/tools/find': JSON.stringify(studies),
    '/tools/now': '20260101T000000',
    '/studies/whole/archive': 'all of it',
  };
  await using folder = await temporaryFolder();
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer !== undefined) return response.end(answer);
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('a part', () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const args = ['--from=20200101', `--target=${folder.path}`, `http://127.0.0.1:${port}`];
  const { code, output, errors } = await runToEnd('archive-time-range', ...args);
  server.closeAllConnections();
  server.close();
  assert.equal(code, 1);
  assert.match(errors, /^Study 1 of 2 \(broken\) was not downloaded: terminated: .*\n$/);
  assert.match(output, /\n1 archives downloaded, 0 were there, 1 failed\n$/);
  assert.deepEqual(await readdir(folder.path), ['20200101 whole.zip']);
});

test('days must be days, in order', async () => {
  for (const args of [['--from=yesterday'], ['--from=20200102', '--to=20200101'], []]) {
    const { code, errors } = await runToEnd('archive-time-range', '--target=unused', ...args);
    assert.equal(code, 2);
    assert.match(errors, /^--from .*\nTry --help\.\n$/);
  }
});
