// Copying from one server to another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instances, runToEnd, startFilled, testedServers } from './shared/example-fixture.ts';

const content = [...instances(1, 1, 1, 3), ...instances(1, 2, 1, 2), ...instances(2, 1, 1, 2)];

for (const { name, command, missing } of testedServers) {
  test(`everything of ${name} is copied once, byte for byte, and back`, { skip: missing }, async () => {
    await using source = await startFilled({ command }, content);
    await using target = await startFilled({});
    const first = await runToEnd('replicate', source.url, target.url);
    assert.equal(first.errors, '');
    assert.equal(first.code, 0);
    assert.match(first.output, /^3 studies from .*\n(Study .*\n){3}7 instances copied, 0 were there, 0 failed\n$/);
    const ids = await target.client.get('/instances', { query: { expand: false } });
    assert.deepEqual([...ids].sort(), [...(await source.client.get('/instances'))].sort());
    const [id] = ids;
    assert.ok(typeof id === 'string');
    const files = [source, target].map(async ({ client }) => {
      const file = await client.get('/instances/{id}/file', { params: { id } });
      return Buffer.from(await file.arrayBuffer());
    });
    const [sent, kept] = await Promise.all(files);
    assert.ok(sent && kept?.equals(sent));

    await target.client.delete('/instances/{id}', { params: { id } });
    const second = await runToEnd('replicate', source.url, target.url);
    assert.match(second.output, /\n1 instances copied, 6 were there, 0 failed\n$/);

    await source.client.delete('/instances/{id}', { params: { id } });
    const back = await runToEnd('replicate', '--parallel=1', target.url, source.url);
    assert.match(back.output, /\n1 instances copied, 6 were there, 0 failed\n$/);
  });
}

test('large instances pass through', async () => {
  await using source = await startFilled({});
  await using target = await startFilled({});
  const { id } = await source.upload({ kind: 'ct', patient: 1, study: 1, series: 1, instance: 1 });
  assert.equal((await runToEnd('replicate', source.url, target.url)).code, 0);
  assert.equal(
    (await target.client.get('/instances/{id}', { params: { id } })).FileSize,
    (await source.client.get('/instances/{id}', { params: { id } })).FileSize,
  );
});

test('what the target refuses is told, and the others are copied', async () => {
  await using source = await startFilled({}, content);
  await using target = await startFilled({ configuration: { MaximumPatientCount: 1, MaximumStorageMode: 'Reject' } });
  const { code, output, errors } = await runToEnd('replicate', source.url, target.url);
  assert.equal(code, 1);
  assert.match(output, /\n[25] instances copied, 0 were there, [25] failed\n$/);
  assert.match(errors, /^(Instance \S+ was not copied: POST .*: 507 .*\n)+$/);
});

test('a password is needed where the target wants one, and is not told', async () => {
  await using source = await startFilled({}, content.slice(0, 1));
  const configuration = { AuthenticationEnabled: true, RegisteredUsers: { ann: 'secret' } };
  await using target = await startFilled({ configuration });
  const refused = await runToEnd('replicate', source.url, target.url.replace('//', '//ann:wrong@'));
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /401 Unauthorized/);
  assert.doesNotMatch(refused.errors, /wrong/);
  const accepted = await runToEnd('replicate', source.url, target.url.replace('//', '//ann:secret@'));
  assert.equal(accepted.code, 0);
  assert.doesNotMatch(accepted.output, /secret/);
});
