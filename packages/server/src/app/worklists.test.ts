// The modality worklist with a whole server: made by REST or put into the folder, found by DCMTK and by our own client.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDataSet, encodeDataSet, encodeFileMeta, Tag } from '@pharos/dicom';
import { dcmtkMissing, runDcmtk, type ServerProcess, startDcmtk, startServer } from '@pharos/testkit';
import { type Ask, clientOf } from './client-fixture.ts';

const skip = dcmtkMissing('findscu', 'wlmscpfs');

function step(station: string, date: string) {
  return [{ ScheduledStationAETitle: station, ScheduledProcedureStepStartDate: date, Modality: 'CT' }];
}

const entry = {
  PatientName: 'Ängström^Zoë',
  PatientID: 'P1',
  AccessionNumber: 'A1',
  ScheduledProcedureStepSequence: step('SCANNER', '20260102'),
};

async function withServer(worklists: object, run: (ask: Ask, server: ServerProcess) => Promise<void>): Promise<void> {
  const server = await startServer({
    configuration: { Worklists: { Enable: true, ...worklists }, DicomAlwaysAllowFindWorklist: true },
  });
  try {
    const self = { AET: 'ORTHANC', Host: '127.0.0.1', Port: server.dicomPort };
    const registered = await fetch(`${server.url}/modalities/self`, { method: 'PUT', body: JSON.stringify(self) });
    assert.equal(registered.status, 200);
    await run(clientOf(server), server);
  } finally {
    await server.discard();
  }
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-worklists-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fileOf(patient: string): Uint8Array {
  const transferSyntax = '1.2.840.10008.1.2.1';
  const dataSet = createDataSet([
    { tag: Tag.PatientName, value: patient },
    { tag: Tag.PatientID, value: patient },
  ]);
  const meta = encodeFileMeta({ sopClassUid: '1.2.840.10008.5.1.4.31', sopInstanceUid: '1.2', transferSyntax });
  return Buffer.concat([meta, encodeDataSet(dataSet, transferSyntax)]);
}

const find = async (ask: Ask, query: object) =>
  (await ask('POST', '/modalities/self/find-worklist', { Query: query })).json;

for (const where of ['Directory', 'SaveInOrthancDatabase'] as const) {
  test(`entries are made, found, changed and removed (${where})`, () =>
    withFolder((folder) =>
      withServer({ [where]: where === 'Directory' ? folder : true }, async (ask) => {
        const made = await ask('POST', '/worklists/create', { Tags: entry });
        const { ID, Path } = made.json;
        assert.deepEqual([made.status, Path], [200, `/worklists/${ID}`]);
        const [listed] = (await ask('GET', '/worklists/')).json;
        assert.equal(listed.ID, ID);
        assert.match(listed.Tags.StudyInstanceUID, /^[0-9.]+$/);
        assert.equal((await ask('GET', `${Path}?format=Short`)).json['0010,0020'], 'P1');
        const answers = await find(ask, {
          PatientName: 'äng*',
          ScheduledProcedureStepSequence: [{ Modality: '', ScheduledStationAETitle: 'SCANNER' }],
        });
        assert.equal(answers.length, 1);
        assert.equal(answers[0].PatientName, 'Ängström^Zoë');
        assert.deepEqual(answers[0].ScheduledProcedureStepSequence, [
          { Modality: 'CT', ScheduledStationAETitle: 'SCANNER' },
        ]);
        assert.equal((await find(ask, { PatientID: 'P2' })).length, 0);
        const replaced = await ask('PUT', Path, { Tags: { ...entry, PatientID: 'P2' } });
        assert.equal(replaced.status, 200);
        assert.equal((await find(ask, { PatientID: 'P2' })).length, 1);
        assert.equal((await ask('DELETE', Path)).status, 200);
        assert.equal((await find(ask, { PatientID: '' })).length, 0);
        for (const [method, path, body, status] of [
          ['GET', Path, undefined, 404],
          ['PUT', Path, { Tags: entry }, 404],
          ['DELETE', Path, undefined, 404],
          ['GET', '/worklists/..%2Fx', undefined, 404],
          ['POST', '/worklists/create', { Tags: [] }, 400],
          ['POST', '/worklists/create', { Tags: { PatientName: 1 } }, 400],
        ] as const) {
          assert.equal((await ask(method, path, body)).status, status, `${method} ${path}`);
        }
        assert.ok((await ask('GET', '/plugins')).json.includes('orthanc-worklists'));
      }),
    ));
}

test('an application entity finds its own entries only, where that is asked for, and no more than the limit', () =>
  withFolder((folder) =>
    withServer({ Directory: folder, FilterIssuerAet: true, LimitAnswers: 2 }, async (ask) => {
      for (const station of ['SCANNER', 'OTHER', 'SCANNER', 'SCANNER']) {
        const Tags = { ...entry, ScheduledProcedureStepSequence: step(station, '20260102') };
        await ask('POST', '/worklists/create', { Tags });
      }
      const modality = await ask('GET', '/modalities/self/configuration');
      for (const [LocalAet, count] of [
        ['OTHER', 1],
        ['NOBODY', 0],
        ['SCANNER', 2],
      ] as const) {
        await changeSelf(ask, { ...modality.json, LocalAet });
        const answer = await ask('POST', '/modalities/self/find-worklist', { PatientID: '' });
        // Beyond the limit the final status says that there are more: 0xFE00, which our client takes for a failure.
        if (count === 2) assert.equal(answer.status, 500);
        else assert.equal(answer.json.length, count);
      }
    }),
  ));

/** The answer has no body. */
const changeSelf = (ask: Ask, body: object) => ask('PUT', '/modalities/self', body);

test('files that other programs put into the folder are found; what cannot be read is passed over', { skip }, () =>
  withFolder((folder) =>
    withServer({ Database: folder }, async (_ask, server) => {
      const query = [
        '-W',
        '-aec',
        'ORTHANC',
        '127.0.0.1',
        String(server.dicomPort),
        '-k',
        'PatientID',
        '-k',
        'PatientName',
      ];
      assert.doesNotMatch((await runDcmtk('findscu', query)).output, /PatientID +$|\[ONE/m);
      await writeFile(join(folder, 'one.wl'), fileOf('ONE'));
      await writeFile(join(folder, 'two.wl'), fileOf('TWO'));
      await writeFile(join(folder, 'broken.wl'), 'no DICOM');
      await writeFile(join(folder, 'lockfile'), '');
      const { code, output } = await runDcmtk('findscu', query);
      assert.equal(code, 0);
      assert.match(output, /\[ONE \]/);
      assert.match(output, /\[TWO \]/);
      await rm(join(folder, 'one.wl'));
      await writeFile(join(folder, 'two.wl'), fileOf('THREE'));
      const later = (await runDcmtk('findscu', query)).output;
      assert.doesNotMatch(later, /ONE|TWO/);
      assert.match(later, /\[THREE \]/);
      // A sequence with two items is no query.
      const wrong = [...query, '-k', '0040,0100[0].0008,0060=CT', '-k', '0040,0100[1].0008,0060=MR'];
      assert.match((await runDcmtk('findscu', ['-v', ...wrong])).output, /0xc000|UnableToProcess/i);
    }),
  ),
);

test("our client asks DCMTK's worklist server", { skip }, () =>
  withFolder(async (folder) => {
    const far = join(folder, 'ORTHANC');
    await mkdir(far);
    await writeFile(join(far, 'lockfile'), '');
    await writeFile(join(far, 'one.wl'), fileOf('ONE'));
    await using theirs = await startDcmtk('wlmscpfs', ['-dfp', folder, '-dfr', '-nse']);
    await withServer({ Directory: join(folder, 'ours') }, async (ask) => {
      await changeSelf(ask, { AET: 'ORTHANC', Host: '127.0.0.1', Port: theirs.port });
      const answers = await find(ask, { PatientID: '' });
      assert.deepEqual(
        answers.map((answer: { PatientID: string }) => answer.PatientID),
        ['ONE'],
      );
    });
  }),
);

test('worklists that are off are off', async () => {
  const server = await startServer({ configuration: { DicomAlwaysAllowFindWorklist: true } });
  try {
    assert.equal((await clientOf(server)('GET', '/worklists/')).status, 404);
  } finally {
    await server.discard();
  }
});
