// Resources changed, de-identified, split and merged, as clients ask for it: what the copies are, what becomes of the sources, and that
// a job that was killed ends as if it had not been.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type DataSet, type ElementInit, formatTag, parsePart10, Tag } from '@pharos/dicom';
import {
  type ServerProcess,
  type SyntheticIdentity,
  startServer,
  syntheticInstance,
  syntheticUids,
} from '@pharos/testkit';
import { type Answer, type Ask, clientOf, endOf } from './client-fixture.ts';

const patientIdOf = (patient: number): string => `PAT${String(patient).padStart(7, '0')}`;

let server: ServerProcess;
let ask: Ask;

before(async () => {
  server = await startServer({ configuration: { OverwriteInstances: true } });
  ask = clientOf(server);
});
after(() => server.discard());
beforeEach(async () => {
  for (const { id } of await listOf('/patients')) await ask('DELETE', `/patients/${id}`);
});

async function listOf(path: string): Promise<readonly { readonly id: string }[]> {
  return (await ask('GET', path)).json.map((id: string) => ({ id }));
}

const first: SyntheticIdentity = { kind: 'header', patient: 1, study: 1, series: 1, instance: 1 };

async function upload(of: Partial<SyntheticIdentity>, elements: readonly ElementInit[] = []) {
  const stored = await ask('POST', '/instances', syntheticInstance({ ...first, ...of, elements }));
  assert.equal(stored.status, 200);
  return stored.json;
}

async function fileOf(instance: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(`${server.url}/instances/${instance}/file`)).arrayBuffer());
}

const dataSetOf = async (instance: string): Promise<DataSet> => parsePart10(await fileOf(instance)).dataSet;

async function post(path: string, body: object) {
  const { status, json } = await ask('POST', path, body);
  assert.equal(status, 200, JSON.stringify(json));
  return json;
}

const secrets = [
  'SMITH',
  'JONES',
  'PAT0000001',
  '19600101',
  '1.2.826.0.1.3680043.10.1530',
  'Elm Street',
  'Private words',
];
/** An item with Accession Number and Patient's Name in Implicit VR Little Endian. */
const hiddenSequence = Buffer.concat([
  Buffer.from('feff00e028000000', 'hex'),
  Buffer.from('0800500008000000', 'hex'),
  Buffer.from('Elm Street'.slice(0, 8)),
  Buffer.from('100010000c000000', 'hex'),
  Buffer.from('SMITH^JONES '),
]);

const telling: readonly ElementInit[] = [
  { tag: Tag.PatientName, value: 'SMITH^JONES' },
  { tag: Tag.PatientAddress, value: '12 Elm Street' },
  {
    tag: Tag.ReferencedStudySequence,
    value: [
      [
        {
          tag: Tag.ReferencedSOPInstanceUID,
          value: syntheticUids({ patient: 1, study: 9, series: 0, instance: 0 }).study,
        },
      ],
    ],
  },
  {
    tag: Tag.RequestAttributesSequence,
    value: [
      [
        { tag: Tag.PatientName, value: 'JONES' },
        { tag: 0x00090010, vr: 'LO', value: 'MAKER' },
        { tag: 0x00091001, vr: 'LO', value: 'Private words' },
      ],
    ],
  },
  { tag: 0x00090010, vr: 'LO', value: 'MAKER' },
  { tag: 0x00091001, vr: 'LO', value: 'Private words' },
  {
    tag: Tag.ReferencedImageSequence,
    value: [
      [
        { tag: Tag.PatientName, value: 'SMITH^JONES' },
        { tag: Tag.PatientID, value: patientIdOf(1) },
        { tag: Tag.AccessionNumber, value: 'Private words' },
      ],
    ],
  },
  // Of a writer that did not know the sequence: implicit, with an unknown representation.
  { tag: Tag.SourceImageSequence, vr: 'UN', value: hiddenSequence },
];

test('an anonymized study is another one, in which nothing of the patient is left, and says where it comes from', async () => {
  const source = await upload({}, telling);
  const done = await post(`/studies/${source.ParentStudy}/anonymize`, {});
  assert.equal(done.Path, `/studies/${done.ID}`);
  assert.notEqual(done.ID, source.ParentStudy);
  const { json: study } = await ask('GET', `/studies/${done.ID}`);
  assert.equal(study.AnonymizedFrom, source.ParentStudy);
  assert.match(study.PatientMainDicomTags.PatientName, /^Anonymized\d+$/);
  const { json: instances } = await ask('GET', `/studies/${done.ID}/instances`);
  assert.equal(instances.length, 1);
  const bytes = (await fileOf(instances[0].ID)).toString('latin1');
  for (const secret of secrets) assert.ok(!bytes.includes(secret), `${secret} is left`);
  const { dataSet } = parsePart10(await fileOf(instances[0].ID));
  assert.equal(dataSet.text(Tag.PatientIdentityRemoved), 'YES');
  assert.equal(dataSet.text(Tag.SeriesNumber), '2');
  assert.equal((await ask('GET', `/studies/${source.ParentStudy}`)).status, 200);
});

test('what is replaced at the top is no less identifying within sequences', async () => {
  const source = await upload({}, telling);
  const Replace = { PatientName: 'New^Name', PatientID: 'NEW', AccessionNumber: 'A' };
  const done = await post(`/studies/${source.ParentStudy}/anonymize`, { Replace, Force: true });
  const { json: instances } = await ask('GET', `/studies/${done.ID}/instances`);
  const bytes = await fileOf(instances[0].ID);
  for (const secret of secrets) assert.ok(!bytes.toString('latin1').includes(secret), `${secret} is left`);
  const [item] = parsePart10(bytes).dataSet.items(Tag.ReferencedImageSequence);
  assert.equal(item?.text(Tag.PatientName), 'New^Name');
  assert.equal(item?.text(Tag.PatientID), 'NEW');
});

test('pixels that are to be removed are removed', async () => {
  const source = await upload({ kind: 'mr' });
  const answer = await fetch(`${server.url}/instances/${source.ID}/anonymize`, {
    method: 'POST',
    body: JSON.stringify({ Remove: ['PixelData'] }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.ok(!parsePart10(bytes).dataSet.has(Tag.PixelData));
  assert.ok(bytes.length < 2000);
});

test('with the option to retain UIDs a study is anonymized under its own', async () => {
  const source = await upload({});
  const body = { DicomVersion: 'current', Options: ['RetainUIDs'], KeepSource: false };
  const done = await post(`/studies/${source.ParentStudy}/anonymize`, body);
  const { json: study } = await ask('GET', `/studies/${done.ID}`);
  assert.equal(
    study.MainDicomTags.StudyInstanceUID,
    syntheticUids({ patient: 1, study: 1, series: 1, instance: 1 }).study,
  );
  assert.match(study.PatientMainDicomTags.PatientName, /^Anonymized/);
  assert.deepEqual(await listOf('/studies'), [{ id: done.ID }]);
  assert.notEqual(done.ID, source.ParentStudy);
});

test('bodies that make no sense are refused', async () => {
  const source = await upload({});
  const bodies: readonly object[] = [
    { Replace: { 'fffe,e000': 'x' } },
    { Replace: { '0002,0010': '1.2.840.10008.1.2' } },
    { LossyQuality: -3 },
    { Remove: ['ReferencedImageSequence[x].PatientID'] },
    {
      Replace: Object.fromEntries(
        Array.from({ length: 6000 }, (_, at) => [`ReferencedImageSequence[${at}].PatientID`, 'x']),
      ),
    },
  ];
  for (const body of bodies)
    assert.equal((await ask('POST', `/studies/${source.ParentStudy}/modify`, body)).status, 400);
  assert.deepEqual(await listOf('/studies'), [{ id: source.ParentStudy }]);
});

test('references among anonymized instances still meet', async () => {
  const target = syntheticUids({ patient: 1, study: 1, series: 1, instance: 2 }).instance;
  const reference: readonly ElementInit[] = [
    { tag: Tag.SourceImageSequence, value: [[{ tag: Tag.ReferencedSOPInstanceUID, value: target }]] },
    { tag: Tag.FrameOfReferenceUID, value: '1.2.3.4' },
  ];
  const referring = await upload({ instance: 1 }, reference);
  await upload({ instance: 2, series: 1 }, [{ tag: Tag.FrameOfReferenceUID, value: '1.2.3.4' }]);
  const done = await post(`/patients/${referring.ParentPatient}/anonymize`, {});
  const { json: instances } = await ask('GET', `/patients/${done.ID}/instances`);
  const copies: DataSet[] = await Promise.all(instances.map(({ ID }: { readonly ID: string }) => dataSetOf(ID)));
  const uids = copies.map((copy) => copy.text(Tag.SOPInstanceUID));
  const referenced = copies.flatMap((copy) =>
    [...copy.elements()].flatMap(({ items }) => (items ?? []).map((item) => item.text(Tag.ReferencedSOPInstanceUID))),
  );
  assert.equal(referenced.length, 1);
  assert.ok(uids.includes(referenced[0]));
  assert.equal(new Set(copies.map((copy) => copy.text(Tag.FrameOfReferenceUID))).size, 1);
  assert.notEqual(copies[0]?.text(Tag.FrameOfReferenceUID), '1.2.3.4');
});

test('what a modification was not asked to change stays byte for byte', async () => {
  const source = await upload({ kind: 'mr' }, [{ tag: 0x00091001, vr: 'UN', value: Uint8Array.of(1, 2, 3) }]);
  const answer = await fetch(`${server.url}/instances/${source.ID}/modify`, {
    method: 'POST',
    body: JSON.stringify({ Replace: { StudyDescription: 'Changed' }, Keep: ['SOPInstanceUID'], Force: true }),
  });
  const { dataSet } = parsePart10(Buffer.from(await answer.arrayBuffer()));
  const before = await dataSetOf(source.ID);
  const differing = [...before.elements()].filter(({ tag }) => {
    const [one, other] = [before.bytes(tag), dataSet.bytes(tag)];
    return !one || !other || Buffer.compare(one, other) !== 0;
  });
  assert.deepEqual(
    differing.map(({ tag }) => formatTag(tag)),
    [formatTag(Tag.StudyDescription)],
  );
  assert.equal(dataSet.text(Tag.StudyDescription), 'Changed');
});

test('a private tag is replaced in the block of who reserved it; a new one gets the creator that is asked for', async () => {
  const source = await upload({}, telling);
  const done = await post(`/studies/${source.ParentStudy}/modify`, {
    Replace: { '0009,1001': 'Other words', '0011,1001': 'Mine' },
    PrivateCreator: 'ME',
  });
  const { json: instances } = await ask('GET', `/studies/${done.ID}/instances`);
  const dataSet = await dataSetOf(instances[0].ID);
  assert.equal(dataSet.text(0x00090010), 'MAKER');
  assert.equal(dataSet.text(0x00091001), 'Other words');
  assert.equal(dataSet.privateCreatorOf(0x00111001), 'ME');
});

test('a private tag that is kept or replaced within a sequence stays in the block of who reserved it; no other block stays', async () => {
  const words: readonly ElementInit[] = [
    { tag: 0x00090010, vr: 'LO', value: 'MAKER' },
    { tag: 0x00091001, vr: 'LO', value: 'Kept words' },
    { tag: 0x00091002, vr: 'LO', value: 'Private words' },
  ];
  const other: readonly ElementInit[] = [
    { tag: 0x00090011, vr: 'LO', value: 'OTHER' },
    { tag: 0x00091101, vr: 'LO', value: 'Private words' },
  ];
  const items = [[...words, ...other], other];
  const source = await upload({}, [{ tag: Tag.AnatomicRegionSequence, value: items }]);
  const tagsAfter = async (body: object) => {
    const { ID } = await post(`/studies/${source.ParentStudy}/anonymize`, body);
    const { json: instances } = await ask('GET', `/studies/${ID}/instances`);
    const copy = await dataSetOf(instances[0].ID);
    return copy.items(Tag.AnatomicRegionSequence).map((item) => [...item.elements()].map(({ tag }) => tag));
  };
  assert.deepEqual(await tagsAfter({ Keep: ['AnatomicRegionSequence[*].0009,1001'] }), [[0x00090010, 0x00091001], []]);
  assert.deepEqual(await tagsAfter({ Replace: { 'AnatomicRegionSequence[0].0009,1002': 'Other words' } }), [
    [0x00090010, 0x00091002],
    [],
  ]);
  assert.deepEqual(await tagsAfter({}), [[], []]);
});

test('text keeps its meaning where a modification changes the character set', async () => {
  const source = await upload({}, [
    { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 100' },
    { tag: Tag.PatientName, value: 'ÉLAN^Zoë' },
  ]);
  const done = await post(`/studies/${source.ParentStudy}/modify`, {
    Replace: { SpecificCharacterSet: 'ISO_IR 192', StudyDescription: 'Łódź' },
  });
  const { json: study } = await ask('GET', `/studies/${done.ID}`);
  assert.equal(study.MainDicomTags.StudyDescription, 'Łódź');
  assert.equal(study.PatientMainDicomTags.PatientName, 'ÉLAN^Zoë');
});

test('text that the character set lacks turns the copy to Unicode', async () => {
  const source = await upload({}, [{ tag: Tag.StudyDescription, value: 'Écho' }]);
  const done = await post(`/studies/${source.ParentStudy}/modify`, {
    Replace: { PatientName: '山田^太郎', PatientID: patientIdOf(1) },
    Force: true,
  });
  const { json: study } = await ask('GET', `/studies/${done.ID}`);
  assert.equal(study.PatientMainDicomTags.PatientName, '山田^太郎');
  assert.equal(study.MainDicomTags.StudyDescription, 'Écho');
});

test('a study that is modified in place keeps its identifier; without KeepSource a modified copy takes its place', async () => {
  const source = await upload({});
  const inPlace = await post(`/studies/${source.ParentStudy}/modify`, {
    Replace: { StudyDescription: 'In place' },
    Keep: ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'],
    Force: true,
  });
  assert.equal(inPlace.ID, source.ParentStudy);
  assert.equal((await ask('GET', `/studies/${source.ParentStudy}`)).json.MainDicomTags.StudyDescription, 'In place');
  const moved = await post(`/studies/${source.ParentStudy}/modify`, { Replace: { StudyID: '7' }, KeepSource: false });
  assert.deepEqual(await listOf('/studies'), [{ id: moved.ID }]);
});

test('what would have to take the place of its source is refused where nothing is overwritten', async () => {
  const other = await startServer();
  try {
    const askOther = clientOf(other);
    const { json: source } = await askOther('POST', '/instances', syntheticInstance(first));
    const series = `/series/${source.ParentSeries}`;
    const Keep = ['SeriesInstanceUID', 'SOPInstanceUID'];
    const body = { Replace: { SeriesDescription: 'Changed' }, Keep, Force: true };
    assert.equal((await askOther('POST', `${series}/modify`, body)).status, 400);
    assert.equal((await askOther('POST', `${series}/modify`, { ...body, KeepSource: false })).status, 400);
    const { json: kept } = await askOther('GET', series);
    assert.equal(kept.MainDicomTags.SeriesDescription, 'Series 1');
    assert.deepEqual(kept.Instances, [source.ID]);
  } finally {
    await other.discard();
  }
});

test('a copy for which there is no place does not cost the source', async () => {
  const other = await startServer();
  const ask = clientOf(other);
  try {
    const taken = {
      PatientID: 'X',
      StudyInstanceUID: '1.2.3',
      SeriesInstanceUID: '1.2.3.4',
      SOPInstanceUID: '1.2.3.4.5',
    };
    for (const instance of [1, 2]) {
      const identity = { kind: 'header', patient: 1, study: instance, series: 1, instance } as const;
      const { json: source } = await ask('POST', '/instances', syntheticInstance(identity));
      const change = { Level: 'Instance', Resources: [source.ID], Replace: taken, Force: true, KeepSource: false };
      assert.equal((await ask('POST', '/tools/bulk-modify', change)).status, instance === 1 ? 200 : 500);
    }
    assert.equal((await ask('GET', '/instances')).json.length, 2);
  } finally {
    await other.discard();
  }
});

test('labels stay with what is modified in place where that is asked for', async () => {
  const source = await upload({});
  const study = `/studies/${source.ParentStudy}`;
  const Keep = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'];
  const change = { Replace: { StudyDescription: 'In place' }, Keep, Force: true };
  for (const path of [study, `/instances/${source.ID}`]) await ask('PUT', `${path}/labels/seen`);
  await post(`${study}/modify`, { ...change, KeepLabels: true });
  assert.deepEqual((await ask('GET', `${study}/labels`)).json, ['seen']);
  assert.deepEqual((await ask('GET', `/instances/${source.ID}/labels`)).json, ['seen']);
  await upload({ instance: 2 });
  await post(`${study}/modify`, change);
  assert.deepEqual((await ask('GET', `${study}/labels`)).json, []);
});

test('a patient gets another identifier only where that is given, and one study cannot contradict the others', async () => {
  const source = await upload({});
  await upload({ study: 2 });
  assert.equal((await ask('POST', `/patients/${source.ParentPatient}/modify`, { Replace: {} })).status, 400);
  const contradiction = await ask('POST', `/studies/${source.ParentStudy}/modify`, {
    Replace: { PatientName: 'Other' },
  });
  assert.equal(contradiction.status, 400);
  const done = await post(`/patients/${source.ParentPatient}/modify`, { Replace: { PatientID: 'NEW' }, Force: true });
  const { json: patient } = await ask('GET', `/patients/${done.ID}`);
  assert.equal(patient.MainDicomTags.PatientID, 'NEW');
  assert.equal(patient.Studies.length, 2);
});

test('a series leaves its study, and comes back', async () => {
  const stays = await upload({ series: 1 });
  const leaves = await upload({ series: 2 });
  const split = await post(`/studies/${stays.ParentStudy}/split`, {
    Series: [leaves.ParentSeries],
    Replace: { StudyDescription: 'Split' },
  });
  assert.equal((await listOf('/studies')).length, 2);
  assert.equal((await ask('GET', `/studies/${stays.ParentStudy}`)).json.Series.length, 1);
  const { json: target } = await ask('GET', `/studies/${split.TargetStudy}`);
  assert.equal(target.MainDicomTags.StudyDescription, 'Split');
  assert.equal(target.MainDicomTags.StudyInstanceUID, split.TargetStudyUID);
  assert.equal(target.PatientMainDicomTags.PatientID, patientIdOf(1));
  await post(`/studies/${stays.ParentStudy}/merge`, { Resources: [split.TargetStudy] });
  assert.deepEqual(await listOf('/studies'), [{ id: stays.ParentStudy }]);
  assert.equal((await ask('GET', `/studies/${stays.ParentStudy}`)).json.Series.length, 2);
});

test('a value that cannot be written is refused, and nothing has changed', async () => {
  const source = await upload({});
  const refused = await ask('POST', `/studies/${source.ParentStudy}/modify`, { Replace: { Rows: 'no number' } });
  assert.equal(refused.status, 400);
  assert.deepEqual(await listOf('/studies'), [{ id: source.ParentStudy }]);
});

/** Kills the server, and starts it again on the same storage. */
async function restart(): Promise<void> {
  await server.kill();
  const { folder } = server;
  server = await startServer({ configuration: { OverwriteInstances: true }, folder });
  ask = clientOf(server);
}

const countInstances = async (): Promise<number> => (await ask('GET', '/statistics')).json.CountInstances;

test('a failed job that is submitted again removes no source without a copy', async () => {
  const bad = { tag: 0x00091001, vr: 'US', value: 5 } as const;
  const source = await upload({ instance: 0 }, [bad]);
  for (const instance of [1, 2, 3]) await upload({ instance });
  const change = { Replace: { '0009,1001': 'abc' }, KeepSource: false, Asynchronous: true };
  const job = await post(`/studies/${source.ParentStudy}/modify`, change);
  const failed = await endOf(ask, job.ID);
  assert.equal(failed.State, 'Failure');
  for (const { id } of await listOf('/studies')) if (id !== source.ParentStudy) await ask('DELETE', `/studies/${id}`);
  assert.equal(await countInstances(), 4);
  await upload({ instance: 0 });
  await ask('POST', `/jobs/${job.ID}/resubmit`);
  const done = await endOf(ask, job.ID);
  assert.equal(done.State, 'Success');
  assert.deepEqual(await listOf('/studies'), [{ id: done.Content.ID }]);
  assert.equal(await countInstances(), 4);
});

test('a job killed in the middle goes on after the restart: every instance is copied once, the sources are intact', async () => {
  const count = 150;
  const uploads = Array.from({ length: count }, (_, instance) => upload({ kind: 'mr', patient: 3, instance }));
  const [source] = await Promise.all(uploads);
  const job = await post(`/studies/${source.ParentStudy}/anonymize`, { Asynchronous: true });
  while ((await countInstances()) < count + 10);
  await restart();
  assert.equal((await endOf(ask, job.ID)).State, 'Success');
  const studies = await listOf('/studies');
  assert.equal(studies.length, 2);
  for (const { id } of studies) {
    assert.equal((await ask('GET', `/studies/${id}/statistics`)).json.CountInstances, count);
  }
  const bytes = await fileOf(source.ID);
  const identity = { kind: 'mr', patient: 3, study: 1, series: 1, instance: 0 } as const;
  assert.ok(bytes.equals(Buffer.from(syntheticInstance(identity))));
});

test('a job killed while it removes its sources ends after the restart with the copies alone', async () => {
  const count = 60;
  const uploads = Array.from({ length: count }, (_, instance) => upload({ patient: 4, instance }));
  const [source] = await Promise.all(uploads);
  const change = { Replace: { StudyDescription: 'Changed' }, KeepSource: false, Asynchronous: true };
  const job = await post(`/studies/${source.ParentStudy}/modify`, change);
  // The sources go once all copies are there.
  for (let most = 0, now = 0; now >= most; ) {
    most = now;
    now = await countInstances();
    if ((await ask('GET', `/jobs/${job.ID}`)).json.State === 'Success') break;
  }
  await restart();
  assert.equal((await endOf(ask, job.ID)).State, 'Success');
  const { json: studies } = await ask('GET', '/studies?expand');
  assert.deepEqual(
    studies.map((study: Answer['json']) => study.MainDicomTags.StudyDescription),
    ['Changed'],
  );
  assert.equal(await countInstances(), count);
});
