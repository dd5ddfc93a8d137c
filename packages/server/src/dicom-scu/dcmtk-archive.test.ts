// C-FIND, C-MOVE and C-GET of the server as a client, against the archive of DCMTK.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDataSet, parsePart10, Tag } from '@pharos/dicom';
import {
  createDicomServerFixture,
  dcmtkMissing,
  type SyntheticKind,
  startDcmtk,
  syntheticInstance,
  syntheticUids,
} from '@pharos/testkit';
import type { ModalityNetwork, MoveProgress, NetworkQuery, RemoteModality } from '../ports/index.ts';
import { createModalityNetwork } from './index.ts';

const skip = dcmtkMissing('dcmqrscp', 'storescp');
const patientName = 'Zoë^Ängström';
const instances = [0, 1, 2, 3];

interface Archive {
  readonly network: ModalityNetwork;
  readonly remote: RemoteModality;
  /** Where what is moved to AET "THIRD" arrives. */
  readonly arrived: string;
}

function configuration(database: string, port: number): string {
  return `MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
third = (THIRD, localhost, ${port})
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
ARCHIVE ${database} RW (200, 1024mb) ANY
AETable END
`;
}

/** An archive with one study: a series of images of the kind. */
async function withArchive(kind: SyntheticKind, run: (archive: Archive) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-archive-'));
  const [database, arrived, config] = ['database', 'arrived', 'dcmqrscp.cfg'].map((name) => join(folder, name));
  assert.ok(database && arrived && config);
  await mkdir(database);
  await mkdir(arrived);
  try {
    await using third = await startDcmtk('storescp', ['+xa', '-od', arrived]);
    await writeFile(config, configuration(database, third.port));
    await using archive = await startDcmtk('dcmqrscp', ['-c', config]);
    const settings = {
      MaximumPduLength: 16384,
      DicomScuPreferredTransferSyntax: '1.2.840.10008.1.2.1',
      TranscodeDicomProtocol: true,
    };
    const network = createModalityNetwork({ settings, log: createDicomServerFixture().services.log });
    const remote = { aet: 'ARCHIVE', host: '127.0.0.1', port: archive.port, localAet: 'PHAROS', timeout: 10 };
    for (const instance of instances) await network.store(remote, chunked(fileOf(kind, instance)));
    await run({ network, remote, arrived });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fileOf(kind: SyntheticKind, instance: number): Uint8Array {
  const elements = [
    { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 100' },
    { tag: Tag.PatientName, value: patientName },
  ];
  return syntheticInstance({ kind, patient: 1, study: 1, series: 1, instance, elements });
}

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536);
}

const uids = syntheticUids({ patient: 1, study: 1, series: 1, instance: 0 });

function study(level: 'STUDY' | 'IMAGE', keys: readonly number[] = []): NetworkQuery {
  return {
    model: 'study-root',
    identifier: createDataSet([
      ...keys.map((tag) => ({ tag, value: '' })),
      { tag: Tag.QueryRetrieveLevel, value: level },
      { tag: Tag.StudyInstanceUID, value: uids.study },
      ...(level === 'IMAGE' ? [{ tag: Tag.SeriesInstanceUID, value: uids.series }] : []),
    ]),
  };
}

test('dcmqrscp answers queries, in its character set, to the end or until they are left', { skip }, () =>
  withArchive('header', async ({ network, remote }) => {
    const names: (string | undefined)[] = [];
    for await (const answer of network.find(remote, study('STUDY', [Tag.PatientName]))) {
      names.push(answer.text(Tag.PatientName));
    }
    assert.deepEqual(names, [patientName]);
    const images: (string | undefined)[] = [];
    for await (const answer of network.find(remote, study('IMAGE', [Tag.SOPInstanceUID]))) {
      images.push(answer.text(Tag.SOPInstanceUID));
      if (images.length === 2) break;
    }
    assert.equal(new Set(images).size, 2);
  }),
);

test('dcmqrscp moves a study to a third', { skip }, () =>
  withArchive('mr', async ({ network, remote, arrived }) => {
    const seen: MoveProgress[] = [];
    const outcome = await network.move(remote, study('STUDY'), 'THIRD', { progress: (now) => void seen.push(now) });
    assert.deepEqual(outcome, { status: 0, remaining: 0, completed: instances.length, failed: 0, warning: 0 });
    assert.ok(seen.some(({ remaining }) => remaining > 0));
    assert.equal((await readdir(arrived)).length, instances.length);
    await assert.rejects(network.move(remote, study('STUDY'), 'NOBODY'), { details: /0xA801 \(move destination/ });
  }),
);

test('dcmqrscp sends a study by C-GET, pixel for pixel', { skip }, () =>
  withArchive('ct', async ({ network, remote }) => {
    const got = new Map<string, Uint8Array>();
    const outcome = await network.get(remote, study('STUDY'), async ({ sopInstanceUid, file }) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of file) chunks.push(chunk);
      got.set(sopInstanceUid, Buffer.concat(chunks));
      return 0;
    });
    assert.deepEqual([outcome.status, outcome.completed, got.size], [0, instances.length, instances.length]);
    for (const instance of instances) {
      const file = got.get(syntheticUids({ patient: 1, study: 1, series: 1, instance }).instance);
      assert.ok(file);
      const { dataSet, transferSyntax } = parsePart10(file);
      assert.equal(dataSet.text(Tag.PatientName), patientName);
      assert.equal(transferSyntax, '1.2.840.10008.1.2.1');
      assert.ok(Buffer.from(file.subarray(-100_000)).equals(fileOf('ct', instance).subarray(-100_000)));
    }
  }),
);

test('dcmqrscp is told what was not stored, and stops when cancelled', { skip }, () =>
  withArchive('header', async ({ network, remote }) => {
    const refused = await network.get(remote, study('STUDY'), async () => 0xa700).catch((error) => error.details);
    assert.match(JSON.stringify(refused), /0xA702|"failed":4/);
    let received = 0;
    const outcome = await network.get(
      remote,
      study('STUDY'),
      async () => {
        received += 1;
        return 0;
      },
      { isCancelled: () => received > 0 },
    );
    assert.ok(outcome.status === 0xfe00 || outcome.completed === instances.length);
  }),
);
