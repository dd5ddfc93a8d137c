// Lua scripts in a whole server: what they are told, what they have a say in, what they have done.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import { type ServerProcess, startServer, syntheticInstance, syntheticUids } from '@pharos/testkit';
import { type Ask, clientOf, endOf } from './client-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharos-lua-server-'));

/** Notes all events, in `told`. */
const noting = `
told = {}
local function note(name)
   _G[name] = function(...) table.insert(told, { name, ... }) end
end
for _, level in ipairs({ 'Patient', 'Study', 'Series', 'Instance' }) do
   if level ~= 'Instance' then note('OnStable' .. level) end
   note('OnUpdated' .. level)
   note('OnDeleted' .. level)
end
for _, name in ipairs({ 'Initialize', 'OnHeartBeat', 'OnJobSubmitted', 'OnJobSuccess', 'OnJobFailure', 'OnStoredInstance' }) do
   note(name)
end
function Finalize()
   print('the end: ' .. #ParseJson(RestApiGet('/patients')) .. ' patients, ' .. tostring(GetKeyValue('notes', 'kept')))
end
`;

const filters = [
  'ReceivedInstanceFilter',
  'ReceivedCStoreInstanceFilter',
  'OutgoingCStoreInstanceFilter',
  'IncomingHttpRequestFilter',
  'IncomingFindRequestFilter',
  'IncomingWorklistRequestFilter',
  'OutgoingFindRequestFilter',
];

let server: ServerProcess;
let far: ServerProcess;
let ask: Ask;
let askFar: Ask;

async function post(url: string, script: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${url}/tools/execute-script`, { method: 'POST', body: script });
  return { status: answer.status, text: await answer.text() };
}

/** What the script prints. */
async function run(script: string): Promise<string> {
  const { status, text } = await post(server.url, script);
  assert.equal(status, 200, text);
  return text.trimEnd();
}

type Note = readonly [name: string, ...args: ReturnType<typeof JSON.parse>[]];

/** Events of these names that were told so far. */
async function notes(...names: readonly string[]): Promise<readonly Note[]> {
  const all: readonly Note[] = JSON.parse(await run('print(DumpJson(told, true))'));
  return all.filter(([name]) => names.includes(name));
}

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let patient = 0;

/** A file of a patient of its own. */
function nextFile(kind: 'header' | 'mr' = 'header'): Uint8Array {
  patient += 1;
  return syntheticInstance({ kind, patient, study: 1, series: 1, instance: 1 });
}

async function upload(file: Uint8Array): Promise<Record<string, string>> {
  return (await ask('POST', '/instances', file)).json;
}

before(async () => {
  const script = join(folder, 'noting.lua');
  writeFileSync(script, noting);
  far = await startServer({ configuration: { DicomAet: 'FAR', DicomAlwaysAllowFind: true } });
  server = await startServer({
    configuration: {
      ExecuteLuaEnabled: true,
      LuaScripts: [script],
      LuaHeartBeatPeriod: 1,
      StableAge: 1,
      DicomAssociationCloseDelay: 1,
      DicomAlwaysAllowFind: true,
      DicomAlwaysAllowFindWorklist: true,
      Worklists: { Enable: true, SaveInOrthancDatabase: true },
      OrthancPeers: { far: { Url: far.url } },
      Own: { answer: 42 },
    },
  });
  ask = clientOf(server);
  askFar = clientOf(far);
  const modality = (aet: string, port: number) => ({ AET: aet, Host: '127.0.0.1', Port: port });
  await fetch(`${server.url}/modalities/far`, { method: 'PUT', body: JSON.stringify(modality('FAR', far.dicomPort)) });
  const self = JSON.stringify(modality('ORTHANC', server.dicomPort));
  await fetch(`${server.url}/modalities/self`, { method: 'PUT', body: self });
});

after(async () => {
  await Promise.all([server.discard(), far.discard()]);
  rmSync(folder, { recursive: true });
});

beforeEach(() => run(filters.map((name) => `${name} = nil`).join('\n')));

test('scripts are told of instances that are stored', async () => {
  const file = nextFile();
  const { ID } = await upload(file);
  const [, ...args] = await until(async () => (await notes('OnStoredInstance')).find(([, id]) => id === ID));
  const [, tags, metadata, origin] = args;
  assert.equal(tags.Modality, 'OT');
  assert.equal(tags.SOPInstanceUID, syntheticUids({ patient, study: 1, series: 1, instance: 1 }).instance);
  assert.equal(metadata.TransferSyntax, '1.2.840.10008.1.2.1');
  assert.match(metadata.ReceptionDate, /^\d{8}T\d{6}$/);
  assert.deepEqual(origin, { RequestOrigin: 'RestApi', RemoteIp: '127.0.0.1', Username: '' });
  await ask('POST', '/instances', file);
  assert.equal((await notes('OnStoredInstance')).filter(([, id]) => id === ID).length, 1);
});

test('scripts are told of what is stable, with the tags of its level', async () => {
  const { ParentPatient, ParentStudy, ParentSeries } = await upload(nextFile());
  const told = (name: string, id: string | undefined) =>
    until(async () => (await notes(name)).find(([, told]) => told === id));
  const [, , tags, metadata] = await told('OnStableStudy', ParentStudy);
  assert.ok(tags.StudyInstanceUID && !('PatientID' in tags) && metadata.LastUpdate);
  assert.equal((await told('OnStableSeries', ParentSeries))[2].Modality, 'OT');
  assert.ok((await told('OnStablePatient', ParentPatient))[2].PatientID);
});

test('a script declares resources stable, and not stable', async () => {
  const { ParentSeries, ParentStudy } = await upload(nextFile());
  assert.equal(
    await run(`print(SetStableStatus('${ParentSeries}', true), SetStableStatus('${ParentSeries}', true))`),
    'true, false',
  );
  assert.equal((await ask('GET', `/series/${ParentSeries}`)).json.IsStable, true);
  assert.ok((await notes('OnStableSeries')).some(([, id]) => id === ParentSeries));
  await until(async () => (await ask('GET', `/studies/${ParentStudy}`)).json.IsStable);
  assert.equal(await run(`print(SetStableStatus('${ParentStudy}', false))`), 'true');
  assert.equal((await ask('GET', `/studies/${ParentStudy}`)).json.IsStable, false);
  assert.equal(await run(`print(SetStableStatus('${'0'.repeat(8)}', false))`), 'nil');
});

test('scripts are told of changes and of removals, at each level', async () => {
  const { ID, ParentPatient, ParentStudy, ParentSeries } = await upload(nextFile());
  const places = { patients: ParentPatient, studies: ParentStudy, series: ParentSeries, instances: ID };
  for (const [level, id] of Object.entries(places)) {
    await fetch(`${server.url}/${level}/${id}/metadata/1024`, { method: 'PUT', body: 'x' });
  }
  await fetch(`${server.url}/instances/${ID}/attachments/1025`, { method: 'PUT', body: 'x' });
  const updates = ['OnUpdatedPatient', 'OnUpdatedStudy', 'OnUpdatedSeries', 'OnUpdatedInstance', 'OnUpdatedInstance'];
  const isMine = ([, id]: Note) => Object.values(places).includes(id);
  const mine = async (...names: readonly string[]) => (await notes(...names)).filter(isMine).map(([name]) => name);
  await until(async () => (await mine(...updates)).length === 5);
  assert.deepEqual(await mine(...updates), updates);
  await ask('DELETE', `/series/${ParentSeries}`);
  const removals = ['OnDeletedInstance', 'OnDeletedSeries', 'OnDeletedStudy', 'OnDeletedPatient'];
  await until(async () => (await mine(...removals)).length === 4);
  assert.deepEqual(await mine(...removals), removals);
});

test('scripts are told of jobs', async () => {
  const { ID } = await upload(nextFile());
  const good = (await ask('POST', '/modalities/far/store', { Resources: [ID], Asynchronous: true })).json.ID;
  await endOf(ask, good);
  const nowhere = JSON.stringify({ AET: 'NOWHERE', Host: '127.0.0.1', Port: 1 });
  await fetch(`${server.url}/modalities/nowhere`, { method: 'PUT', body: nowhere });
  const bad = (await ask('POST', '/modalities/nowhere/store', { Resources: [ID], Asynchronous: true })).json.ID;
  await endOf(ask, bad);
  const names = ['OnJobSubmitted', 'OnJobSuccess', 'OnJobFailure'];
  const told = async (job: string) => (await notes(...names)).filter(([, id]) => id === job).map(([name]) => name);
  await until(async () => (await told(bad)).length === 2);
  assert.deepEqual(
    [await told(good), await told(bad)],
    [
      ['OnJobSubmitted', 'OnJobSuccess'],
      ['OnJobSubmitted', 'OnJobFailure'],
    ],
  );
});

test('scripts are told that the server has begun, and that time passes', async () => {
  assert.equal((await notes('Initialize')).length, 1);
  const beats = (await notes('OnHeartBeat')).length;
  await until(async () => (await notes('OnHeartBeat')).length > beats);
});

test('an instance that a filter refuses is not stored, however it comes', async () => {
  await run(`function ReceivedInstanceFilter(tags, origin, info)
    seen = DumpJson({ origin, info })
    return tags.Modality == 'MR'
  end`);
  const refused = await upload(nextFile());
  assert.equal(refused.Status, 'FilteredOut');
  assert.equal((await ask('GET', `/instances/${refused.ID}`)).status, 404);
  assert.deepEqual(JSON.parse(await run('print(seen)')), [
    { RequestOrigin: 'RestApi', RemoteIp: '127.0.0.1', Username: '' },
    { HasPixelData: false, TransferSyntaxUID: '1.2.840.10008.1.2.1' },
  ]);
  assert.equal((await upload(nextFile('mr'))).Status, 'Success');
  const sent = await ask('POST', '/modalities/self/store-straight', nextFile());
  assert.equal(sent.status, 200);
  assert.equal(JSON.parse(await run('print(seen)'))[0].CalledAet, 'ORTHANC');
  assert.ok(!(await notes('OnStoredInstance')).some(([, id]) => id === refused.ID));
});

test('what a filter refuses with a status is answered so to a C-STORE, and to nobody else', async () => {
  await run(`function ReceivedCStoreInstanceFilter(tags, origin, info)
    return origin.RemoteAet == 'ORTHANC' and info.HasPixelData and 0 or 0xA701
  end`);
  const { status, json } = await ask('POST', '/modalities/self/store-straight', nextFile());
  assert.equal(status, 500);
  assert.match(json.Details, /A701/i);
  assert.equal((await ask('POST', '/modalities/self/store-straight', nextFile('mr'))).status, 200);
  assert.equal((await upload(nextFile())).Status, 'Success');
});

test('a filter that fails lets nothing in, and breaks nothing', async () => {
  await run('function ReceivedInstanceFilter(tags) return tags.nothing.at.all end');
  const { status, json } = await ask('POST', '/instances', nextFile());
  assert.deepEqual([status, json.OrthancStatus], [500, 2031]);
  assert.match(json.Details, /ReceivedInstanceFilter\(\) has failed: script:1: attempt to index a nil value/);
  assert.equal((await ask('POST', '/modalities/self/store-straight', nextFile())).status, 500);
  await run('ReceivedInstanceFilter = nil');
  assert.equal((await upload(nextFile())).Status, 'Success');
});

test('instances that a filter holds back are not sent', async () => {
  await run(`function OutgoingCStoreInstanceFilter(tags, destination)
    return destination.RemoteAet ~= 'FAR' or destination.RemoteIp ~= '127.0.0.1' or tags.Modality == 'MR'
  end`);
  const [held, sent] = [(await upload(nextFile())).ID, (await upload(nextFile('mr'))).ID];
  const { json } = await ask('POST', '/modalities/far/store', { Resources: [held, sent] });
  assert.deepEqual([json.InstancesCount, json.FailedInstancesCount], [2, 0]);
  const there = (await askFar('GET', '/instances')).json;
  assert.deepEqual([there.includes(held), there.includes(sent)], [false, true]);
});

test('a filter decides about requests over HTTP, but not about those of scripts', async () => {
  await run(`function IncomingHttpRequestFilter(method, uri, ip, username, headers)
    seen = table.concat({ method, uri, ip, username, headers['x-token'] or '' }, ' ')
    return uri == '/tools/execute-script' or headers['x-token'] == 'sesame'
  end`);
  const answer = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(server.url + path, { headers })).status;
  assert.equal(await answer('/system'), 403);
  assert.equal(await answer('//tools//../patients'), 403);
  assert.equal(await answer('//system/?x=1', { 'X-Token': 'sesame' }), 200);
  assert.equal(await run('local of = seen; print(RestApiGet("/system") ~= nil)'), 'true');
  const last = await run('print(seen)');
  assert.equal(last, 'POST /tools/execute-script 127.0.0.1');
});

test('a script changes what is searched, by others here and by us elsewhere', async () => {
  const { ParentPatient } = await upload(nextFile());
  const { PatientID } = (await ask('GET', `/patients/${ParentPatient}`)).json.MainDicomTags;
  const find = async (query: object, name = 'self') => {
    const { ID } = (await ask('POST', `/modalities/${name}/query`, { Level: 'Patient', Query: query })).json;
    return (await ask('GET', `/queries/${ID}/answers?expand&simplify`)).json.map((answer: Note) => answer);
  };
  await run(`function IncomingFindRequestFilter(query, origin)
    seen = DumpJson(origin)
    if query['0010,0020'] == 'WRONG' then query['0010,0020'] = '${PatientID}' end
    query['0010,0040'] = nil
    return query
  end`);
  const [found, ...others] = await find({ PatientID: 'WRONG', PatientSex: 'X' });
  assert.deepEqual([found.PatientID, others], [PatientID, []]);
  assert.deepEqual(JSON.parse(await run('print(seen)')), {
    CalledAet: 'ORTHANC',
    Manufacturer: 'Generic',
    RemoteAet: 'ORTHANC',
    RemoteIp: '127.0.0.1',
  });
  await run(`IncomingFindRequestFilter = nil
  function OutgoingFindRequestFilter(query, aet)
    for key, value in pairs(query) do if value == '*' then query[key] = '${PatientID}' end end
    seen = aet
    return query
  end`);
  assert.equal((await find({ PatientID: '*' })).length, 1);
  assert.equal(await run('print(seen)'), 'ORTHANC');
  await run('function OutgoingFindRequestFilter(query) return 3 end');
  const { status, json } = await ask('POST', '/modalities/self/query', { Level: 'Patient', Query: {} });
  assert.deepEqual([status, json.OrthancStatus], [500, 2033]);
});

test('a script changes what is searched in the worklist, in sequences too', async () => {
  const step = (station: string) => [{ ScheduledStationAETitle: station, Modality: 'CT' }];
  for (const [PatientID, station] of [
    ['W1', 'ORTHANC'],
    ['W2', 'OTHER'],
  ] as const) {
    const Tags = { PatientID, ScheduledProcedureStepSequence: step(station) };
    assert.equal((await ask('POST', '/worklists/create', { Tags })).status, 200);
  }
  const query = { PatientID: '', ScheduledProcedureStepSequence: [{ Modality: '' }] };
  const find = async () => (await ask('POST', '/modalities/self/find-worklist', { Query: query })).json;
  assert.equal((await find()).length, 2);
  await run(`function IncomingWorklistRequestFilter(query, origin)
    query['0040,0100'][1]['0040,0001'] = origin['RemoteAet']
    return query
  end`);
  const [only, ...others] = await find();
  assert.deepEqual([only.PatientID, others], ['W1', []]);
});

/** Defines OnStoredInstance for one test. */
async function onStored(t: TestContext, body: string): Promise<void> {
  await run(
    `previous = previous or OnStoredInstance\nfunction OnStoredInstance(id, tags, metadata, origin)\n${body}\nend`,
  );
  t.after(() => run('OnStoredInstance = previous'));
}

test('instances are modified, sent and removed, one after the other', async (t) => {
  await onStored(
    t,
    `if metadata.ModifiedFrom == nil then
       Delete(SendToModality(ModifyInstance(id, { StationName = 'My Station', PatientID = '0042' }, { 'StudyDescription' }, true), 'far'))
       Delete(SendToPeer(id, 'far'))
     end`,
  );
  const { ID } = await upload(nextFile());
  const arrived = await until(async () => {
    const all = (await askFar('GET', '/instances?expand&requestedTags=PatientID;StationName;StudyDescription')).json;
    const sent = all.find(
      (instance: Note & { RequestedTags: object }) =>
        'PatientID' in instance.RequestedTags && instance.RequestedTags.PatientID === '0042',
    );
    return sent?.RequestedTags;
  });
  assert.equal(arrived.StationName, 'My Station');
  assert.ok(!arrived.StudyDescription);
  await until(async () => (await ask('GET', `/instances/${ID}`)).status === 404);
  await until(async () => (await askFar('GET', `/instances/${ID}`)).status === 200);
  const jobs = (await ask('GET', '/jobs?expand')).json;
  const job = jobs.find(({ Type }: { Type: string }) => Type === 'SequenceOfOperations');
  assert.equal(job.Content.Description, 'Lua');
  assert.equal(job.Content.CountOperations, 5);
});

test('what cannot be done with an instance is logged, and the rest goes on', async (t) => {
  await onStored(t, `CallSystem(id, 'no-such-program', {}); Delete(id)`);
  const { ID } = await upload(nextFile());
  await until(async () => (await ask('GET', `/instances/${ID}`)).status === 404);
  assert.match(await server.log(), new RegExp(`Operation call-system on instance ${ID} has failed`));
});

test('a program is run on the file of an instance', async (t) => {
  const target = join(folder, 'copy.dcm');
  await onStored(t, `CallSystem(id, 'sh', { '-c', 'cp "$0" "${target}.part"; mv "${target}.part" "${target}"' })`);
  const file = nextFile('mr');
  await upload(file);
  const copy = await until(async () => {
    try {
      return readFileSync(target);
    } catch {
      return undefined;
    }
  });
  assert.ok(copy.equals(file));
});

test('files go through scripts byte for byte, and no filter waits for the script that waits for it', async (t) => {
  const target = join(folder, 'script.dcm');
  await run(`function ReceivedInstanceFilter(tags, origin)
    return origin.RequestOrigin ~= 'Lua' or RestApiGet('/system') ~= nil
  end
  function IncomingHttpRequestFilter(method, uri) return uri ~= '/changes' end`);
  await onStored(
    t,
    `if origin.RequestOrigin == 'Lua' then copied = id return end
     local file = RestApiGet('/instances/' .. id .. '/file')
     local out = io.open('${target}', 'wb'); out:write(file); out:close()
     RestApiDelete('/instances/' .. id)
     local made = ParseJson(RestApiPost('/instances', file))
     reachable = HttpGet('${server.url}/system') ~= nil
     RestApiPut('/instances/' .. made.ID .. '/metadata/1026', 'by a script')`,
  );
  const file = nextFile('mr');
  const { ID } = await upload(file);
  await until(async () => (await run('print(copied)')) === ID);
  assert.ok(readFileSync(target).equals(file));
  assert.equal(await run('print(reachable)'), 'true');
  const origin = await fetch(`${server.url}/instances/${ID}/metadata/Origin`);
  assert.equal(await origin.text(), 'Lua');
  assert.equal(await (await fetch(`${server.url}/instances/${ID}/metadata/1026`)).text(), 'by a script');
});

test('who has sent an instance and looks at it sees what scripts have made of it', async (t) => {
  await onStored(t, `os.execute('sleep 0.3'); RestApiPut('/instances/' .. id .. '/metadata/1027', 'seen')`);
  const { ID } = await upload(nextFile());
  assert.equal(await (await fetch(`${server.url}/instances/${ID}/metadata/1027`)).text(), 'seen');
});

test('other servers are asked over HTTP', async (t) => {
  const asked: string[] = [];
  const other = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method, url, headers } = request;
    if (url === '/never') return;
    const body = Buffer.concat(pieces).toString('latin1');
    asked.push(
      `${method} ${url} ${headers['content-type'] ?? ''} ${headers['x-own'] ?? ''} ${headers.authorization ?? ''} ${body}`,
    );
    if (url === '/moved') response.writeHead(302, { Location: '/there' });
    else response.writeHead(url === '/missing' ? 404 : 200);
    response.end(Buffer.from([0, 255, 65]));
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const address = other.address();
  assert.ok(address && typeof address === 'object');
  const at = `http://127.0.0.1:${address.port}`;
  const output = await run(`
    local answer = HttpGet('${at}/get?a=b', { ['X-Own'] = 'mine' })
    print(#answer, string.byte(answer, 1, 3))
    print(HttpPost('${at}/post', 'b\\255', { ['Content-Type'] = 'image/png' }) == answer)
    print(HttpPut('${at}/put') == answer, HttpDelete('${at}/delete'), HttpDelete('${at}/missing'))
    print(HttpGet('${at}/missing') == answer, HttpGet('${at}/moved') == answer)
    SetHttpCredentials('alice', 'secret')
    SetHttpTimeout(1)
    print(HttpGet('${at}/never'), HttpGet('${at}/with') == answer)`);
  assert.deepEqual(output.split('\n'), ['3, 0, 255, 65', 'true', 'true, SUCCESS, nil', 'true, true', 'nil, true']);
  assert.deepEqual(asked, [
    'GET /get?a=b  mine  ',
    'POST /post image/png   b\u00ff',
    'PUT /put    ',
    'DELETE /delete    ',
    'DELETE /missing    ',
    'GET /missing    ',
    'GET /moved    ',
    'GET /there    ',
    `GET /with   Basic ${btoa('alice:secret')} `,
  ]);
});

test('scripts know the configuration, also what the server does not know', async () => {
  const output = await run('local c = GetOrthancConfiguration(); print(c.Own.answer, c.LuaHeartBeatPeriod)');
  assert.equal(output, '42, 1');
});

test('the server goes on while a script computes', async () => {
  const begun = performance.now();
  const busy = run('local t = os.clock() while os.clock() - t < 2 do end');
  while (performance.now() - begun < 1000) {
    const asked = performance.now();
    assert.equal((await fetch(`${server.url}/system`)).status, 200);
    assert.ok(performance.now() - asked < 1000);
  }
  await busy;
});

test('scripts of clients are not run unless the configuration says so', async () => {
  assert.equal((await post(far.url, 'print(1)')).status, 403);
});

test('a server whose script cannot be loaded does not start, and says why', async () => {
  const broken = join(folder, 'broken.lua');
  writeFileSync(broken, 'function OnStoredInstance(\n');
  await assert.rejects(startServer({ configuration: { LuaScripts: [broken] } }), /broken\.lua:\d: <name> or/);
});

test('what scripts want done with instances that come while the server ends is done, at the latest after a restart', async () => {
  const script = join(folder, 'sending.lua');
  writeFileSync(script, `function OnStoredInstance(id) RestApiGet('/system'); SendToModality(id, 'far') end`);
  const DicomModalities = { far: { AET: 'FAR', Host: '127.0.0.1', Port: far.dicomPort } };
  const configuration = { LuaScripts: [script], DicomModalities };
  const ending = await startServer({ configuration });
  const taken: string[] = [];
  const uploads = Array.from({ length: 4 }, async () => {
    for (;;) {
      const file = nextFile();
      try {
        const answer = await fetch(`${ending.url}/instances`, { method: 'POST', body: file });
        taken.push(JSON.parse(await answer.text()).ID);
      } catch {
        return;
      }
    }
  });
  await until(async () => taken.length > 10);
  assert.equal(await ending.stop(), 0);
  await Promise.all(uploads);
  const again = await startServer({ folder: ending.folder, configuration });
  try {
    await until(async () => {
      const there: readonly string[] = (await askFar('GET', '/instances')).json;
      return taken.every((id) => there.includes(id));
    });
  } finally {
    await again.discard();
  }
});

test('scripts are told of what has become stable while the server was not there', async () => {
  const silent = await startServer({});
  const stored = await fetch(`${silent.url}/instances`, { method: 'POST', body: nextFile() });
  const { ParentStudy } = JSON.parse(await stored.text());
  await silent.stop();
  const LuaScripts = [join(folder, 'noting.lua')];
  const again = await startServer({
    folder: silent.folder,
    configuration: { LuaScripts, StableAge: 1, ExecuteLuaEnabled: true },
  });
  try {
    await until(async () => {
      const told: readonly Note[] = JSON.parse((await post(again.url, 'print(DumpJson(told, true))')).text);
      return told.some(([name, id]) => name === 'OnStableStudy' && id === ParentStudy);
    });
  } finally {
    await again.discard();
  }
});

test('what scripts keep is there after a restart, and they are told of the end', async () => {
  await run(
    `StoreKeyValue('notes', 'kept', 'a\\0b'); StoreKeyValue('notes', 'gone', 'x'); DeleteKeyValue('notes', 'gone')`,
  );
  const { folder: home } = server;
  assert.equal(await server.stop(), 0);
  assert.match(await server.log(), /Lua says: the end: \d+ patients, a/);
  const again = await startServer({ folder: home, configuration: { ExecuteLuaEnabled: true } });
  try {
    const { text } = await post(
      again.url,
      `print(GetKeyValue('notes', 'kept') == 'a\\0b', GetKeyValue('notes', 'gone'))`,
    );
    assert.equal(text, 'true, nil\n');
  } finally {
    await again.stop();
  }
});
