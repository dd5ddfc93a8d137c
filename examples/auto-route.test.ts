// Sending what arrives to where the rules want it.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PharosClientError } from '@pharos/client';
import { Tag } from '@pharos/dicom';
import { dcmtkMissing, freePort, startDcmtk } from '@pharos/testkit';
import {
  type FilledServer,
  instances,
  runToEnd,
  startExample,
  startFilled,
  testedServers,
} from './shared/example-fixture.ts';

async function modality(server: FilledServer, name: string, port: number): Promise<void> {
  const body = { AET: name.toUpperCase(), Host: '127.0.0.1', Port: port };
  await server.client.put('/modalities/{id}', { params: { id: name }, body });
}

async function lastIn(path: string): Promise<number> {
  return JSON.parse(await readFile(path, 'utf8')).Last;
}

/** Where the signal comes in the middle of something. */
const interrupted = 130;

/** Asks again while nobody answers. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PharosClientError) || error.status !== undefined) throw error;
    }
  }
}

const idsAt = async ({ client }: FilledServer) => [...(await client.get('/instances'))].sort();

for (const { name, command, missing } of testedServers) {
  test(`instances of ${name} go where the rules send them, each once`, { skip: missing }, async () => {
    const structured = { elements: [{ tag: Tag.Modality, value: 'SR' }] };
    await using server = await startFilled({ command }, instances(1, 1, 1, 2));
    const wanted = await server.upload({ kind: 'header', patient: 2, study: 1, series: 1, instance: 1, ...structured });
    await using reports = await startFilled({});
    await using everything = await startFilled({});
    await modality(server, 'reports', reports.dicomPort);
    await modality(server, 'everything', everything.dicomPort);
    const state = join(server.folder, 'route.json');
    const routes = ['--route=everything', '--route=reports: Modality=SR|KO, PatientID=PAT*2'];
    const run = () => runToEnd('auto-route', ...routes, `--state=${state}`, '--level=instance', '--once', server.url);

    const first = await run();
    assert.equal(first.errors, '');
    assert.equal(first.code, 0);
    assert.deepEqual(await idsAt(reports), [wanted.id]);
    assert.deepEqual(await idsAt(everything), await idsAt(server));
    const second = await run();
    assert.doesNotMatch(second.output, / went to /);

    const late = await server.upload({ kind: 'header', patient: 1, study: 1, series: 1, instance: 5 });
    const third = await run();
    assert.equal(third.output.match(/ went to /g)?.length, 1);
    assert.ok(third.output.includes(`${late.id} went to everything: 1 instances`));
    assert.equal(await lastIn(state), (await server.client.get('/changes', { query: { last: true } })).Last);
  });
}

test('series are sent once they are complete, while it follows the log; Ctrl-C ends it', async () => {
  await using server = await startFilled({ configuration: { StableAge: 1 } }, instances(3, 1, 1, 1));
  await using target = await startFilled({});
  await modality(server, 'target', target.dicomPort);
  const state = join(server.folder, 'route.json');
  const { child, end } = startExample('auto-route', '--route=target', `--state=${state}`, '--poll=20', server.url);
  for (const identity of instances(1, 1, 1, 4)) await server.upload(identity);
  const arrived = new Set<string>();
  for await (const { ChangeType, ID } of target.client.changes(0, { follow: true, pauseMs: 20 })) {
    if (ChangeType === 'NewInstance') arrived.add(ID);
    if (arrived.size === 5) break;
  }
  child.kill('SIGINT');
  const { code, errors } = await end;
  assert.ok(code === 0 || code === interrupted, `${code}: ${errors}`);
  assert.deepEqual([...arrived].sort(), await idsAt(server));
  assert.ok((await lastIn(state)) > 0);
});

test('what could not be sent is sent by the next run', { skip: dcmtkMissing('storescp') }, async () => {
  await using server = await startFilled({}, instances(1, 1, 1, 2));
  const closed = await freePort();
  await modality(server, 'pacs', closed);
  const state = join(server.folder, 'route.json');
  const options = ['--route=pacs', `--state=${state}`, '--level=instance', '--once', '--attempts=1'];

  const down = await runToEnd('auto-route', ...options, server.url);
  assert.equal(down.code, 1);
  assert.match(down.errors, /^Job \S+ \(DicomModalityStore\) failed: .*\n$/);

  const received = join(server.folder, 'received');
  await mkdir(received);
  await using pacs = await startDcmtk('storescp', ['-od', received]);
  await modality(server, 'pacs', pacs.port);
  assert.equal((await runToEnd('auto-route', ...options, server.url)).code, 0);
  assert.equal((await readdir(received)).length, 2);
});

test('what could not be sent is passed over where that is wanted; what is there already, too', async () => {
  await using server = await startFilled({}, instances(1, 1, 1, 2));
  const closed = await freePort();
  await modality(server, 'pacs', closed);
  const options = ['--route=pacs', '--level=instance', '--once', '--attempts=1', '--skip-failed'];
  const { code, output } = await runToEnd('auto-route', ...options, `--state=${join(server.folder, 'a')}`, server.url);
  assert.equal(code, 1);
  assert.match(output, /; 2 resources failed\n$/);

  const fromNow = await runToEnd(
    'auto-route',
    ...options,
    `--state=${join(server.folder, 'b')}`,
    '--from-now',
    server.url,
  );
  assert.equal(fromNow.code, 0);
});

test('it waits for a server that is restarted', async () => {
  await using target = await startFilled({});
  const configuration = { DicomModalities: { target: ['TARGET', '127.0.0.1', target.dicomPort] } };
  await using server = await startFilled({ configuration });
  const options = ['--route=target', `--state=${join(server.folder, 'route.json')}`, '--level=instance', '--poll=1'];
  const { child, end } = startExample('auto-route', ...options, server.url);
  const arrivals = target.client.changes(0, { follow: true, pauseMs: 20 });
  const first = await server.upload({ kind: 'header', patient: 1, study: 1, series: 1, instance: 1 });
  const arrived = async () => {
    for (;;) {
      const { value } = await arrivals.next();
      if (value?.ChangeType === 'NewInstance') return value.ID;
    }
  };
  assert.equal(await arrived(), first.id);
  await server.client.post('/tools/reset');
  const second = await untilAnswered(() =>
    server.upload({ kind: 'header', patient: 1, study: 1, series: 1, instance: 2 }),
  );
  assert.equal(await arrived(), second.id);
  child.kill('SIGTERM');
  const { code, errors } = await end;
  assert.ok(code === 0 || code === interrupted, `${code}: ${errors}`);
});

test('a modality that the server does not know is told; so is a state that is none, or of another server', async () => {
  await using server = await startFilled({}, instances(1, 1, 1, 1));
  const state = join(server.folder, 'route.json');
  const run = () =>
    runToEnd('auto-route', '--route=nobody', `--state=${state}`, '--level=instance', '--once', server.url);
  assert.match((await run()).errors, /knows no modality "nobody"/);
  await modality(server, 'nobody', 1);
  await writeFile(state, '{"Last": 1000000}');
  assert.match((await run()).errors, /route\.json is ahead of the log .*: is it of another server\?/);
  await writeFile(state, 'nonsense');
  assert.match((await run()).errors, /route\.json is no state of auto-route/);
});
