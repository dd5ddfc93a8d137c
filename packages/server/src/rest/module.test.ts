// Tags of what is below a resource: of its module, those that all have in common, those of each.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tag } from '@pharos/dicom';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';

const count = 70;

let server: ServerProcess;
let study: string;
let instances: readonly string[];
before(async () => {
  server = await startServer();
  const ids: string[] = [];
  for (let instance = 0; instance < count; instance++) {
    const elements = [{ tag: Tag.StudyDescription, value: String(instance) }];
    const file = syntheticInstance({ kind: 'header', patient: 1, study: 0, series: 0, instance, elements });
    const response = await fetch(`${server.url}/instances`, { method: 'POST', body: Buffer.from(file) });
    const stored = JSON.parse(await response.text());
    ids.push(stored.ID);
    study = `/studies/${stored.ParentStudy}`;
  }
  instances = ids;
});
after(() => server.discard());

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, { headers });
  return { type: response.headers.get('content-type'), text: await response.text() };
}

test('the module is that of the instance with the least identifier', async () => {
  const least = instances.indexOf([...instances].sort()[0] ?? '');
  assert.equal(JSON.parse((await ask(`${study}/module?simplify`)).text).StudyDescription, String(least));
  const patient = JSON.parse((await ask(`${study}/module-patient?short`)).text);
  assert.equal(patient['0010,0020'], 'PAT0000001');
  assert.equal(patient['0008,1030'], undefined);
});

test('shared tags are those with one value', async () => {
  const shared = JSON.parse((await ask(`${study}/shared-tags`)).text);
  assert.deepEqual(shared['0010,0020'], { Name: 'PatientID', Type: 'String', Value: 'PAT0000001' });
  assert.equal(shared['0008,1030'], undefined);
  assert.equal(shared['0008,0018'], undefined);
});

test('the tags of many instances come as JSON, and as XML for those who accept it', async () => {
  const asJson = await ask(`${study}/instances-tags?simplify`);
  assert.equal(asJson.type, 'application/json; charset=utf-8');
  assert.deepEqual(Object.keys(JSON.parse(asJson.text)), [...instances].sort());
  const asXml = await ask(`${study}/instances-tags?simplify`, { Accept: 'application/xml' });
  assert.equal(asXml.type, 'application/xml; charset=utf-8');
  assert.equal(asXml.text.match(/<PatientID>PAT0000001<\/PatientID>/g)?.length, count);
});
