// C-FIND over a network in memory: negotiation, answers as they go out, C-CANCEL, slow peers, identifiers that are none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type ElementInit, encodeDataSet, Tag } from '@pharos/dicom';
import { createMemoryTransport } from '@pharos/dimse';
import { createDicomServerFixture, type DicomServerFixtureOptions, modalityNamed } from '@pharos/testkit';
import { type OrthancId, resourceIds } from '../model/index.ts';
import type { Resource } from '../ports/index.ts';
import { type FindPeer, type FindPeerOptions, openFindPeer, patientRoot, studyRoot } from './find-peer.ts';
import { createDicomServer, type DicomServerServices } from './index.ts';

const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const bigEndian = '1.2.840.10008.1.2.2';

interface World extends AsyncDisposable {
  readonly lines: readonly string[];
  /** Names of metrics. */
  readonly observed: ReadonlySet<string>;
  /** Studies that were taken out of the index so far, and whether it was told that no more are wanted. */
  readonly progress: { taken: number; isOver: boolean };
  open(options?: FindPeerOptions): Promise<FindPeer>;
}

function study(number: number): Resource {
  const id: OrthancId = resourceIds({
    patientId: 'P',
    studyInstanceUid: `1.${number}`,
    seriesInstanceUid: '2',
    sopInstanceUid: '3',
  }).study;
  return {
    level: 'Study',
    id,
    parent: undefined,
    isStable: true,
    isProtected: false,
    tags: { '0020,000d': `1.${number}`, '0008,1030': 'Schädel' },
    ancestors: {},
    children: [],
    metadata: [],
    labels: [],
    attachments: [],
  };
}

const batchLength = 100;

/** A server with so many studies. */
async function createWorld(studies: number, options: DicomServerFixtureOptions = {}): Promise<World> {
  const progress = { taken: 0, isOver: false };
  const empty = createDicomServerFixture().services.index;
  const index: DicomServerServices['index'] = {
    ...empty,
    async *find({ limit = studies }) {
      try {
        while (progress.taken < Math.min(studies, limit)) {
          const batch = Array.from({ length: Math.min(batchLength, limit) }, (_, at) => study(progress.taken + at));
          progress.taken += batch.length;
          yield batch;
          await new Promise(setImmediate);
        }
      } finally {
        progress.isOver = true;
      }
    },
  };
  const { services, lines } = createDicomServerFixture({
    ...options,
    settings: { DicomAlwaysAllowFind: true, ...options.settings },
    query: { index, ...options.query },
  });
  const transport = createMemoryTransport();
  const observed = new Set<string>();
  const metrics = { ...services.metrics, observe: (name: string) => void observed.add(name) };
  const server = createDicomServer({ ...services, metrics }, { transport, port: 104 });
  await server.listen();
  return {
    lines,
    observed,
    progress,
    open: (peer) => openFindPeer(transport, peer),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

const studyKeys: readonly ElementInit[] = [
  { tag: Tag.QueryRetrieveLevel, value: 'STUDY' },
  { tag: Tag.StudyInstanceUID, value: '' },
  { tag: Tag.StudyDescription, value: '' },
  { tag: Tag.StudyID, value: '' },
];

async function finalOf(peer: FindPeer): Promise<readonly [number | undefined, string | undefined]> {
  const final = await peer.final;
  assert.notEqual(final, 'aborted');
  return final === 'aborted' ? [undefined, undefined] : [final.Status, final.ErrorComment];
}

test('both information models are answered, in the transfer syntax that was negotiated', async () => {
  for (const sopClassUid of [patientRoot, studyRoot]) {
    for (const [proposed, chosen] of [
      [[implicit], implicit],
      [[implicit, bigEndian], bigEndian],
      [[implicit, bigEndian, explicit], explicit],
    ] as const) {
      await using world = await createWorld(1);
      const peer = await world.open({ sopClassUid, transferSyntaxes: proposed });
      assert.equal(peer.transferSyntax, chosen);
      await peer.send(studyKeys);
      assert.deepEqual(await finalOf(peer), [0, undefined]);
      const [answer] = peer.answers;
      assert.equal(answer?.response.Status, 0xff00);
      assert.equal(answer?.response.AffectedSOPClassUID, sopClassUid);
      assert.equal(answer?.dataSet?.text(Tag.StudyInstanceUID), '1.0');
      assert.equal(answer?.dataSet?.text(Tag.StudyDescription), 'Schädel');
      assert.ok(world.observed.has('orthanc_find_scp_duration_ms'));
      peer.destroy();
    }
  }
});

test('other information models and transfer syntaxes are not accepted', async () => {
  await using world = await createWorld(1);
  const patientStudyOnly = await world.open({ sopClassUid: '1.2.840.10008.5.1.4.1.2.3.1' });
  assert.equal(patientStudyOnly.transferSyntax, '');
  const deflated = await world.open({ transferSyntaxes: ['1.2.840.10008.1.2.1.99'] });
  assert.equal(deflated.transferSyntax, '');
  patientStudyOnly.destroy();
  deflated.destroy();
});

test('who may not query is aborted', async () => {
  const modality = modalityNamed('FINDER');
  const refusing = modalityNamed('FINDER', { allow: { ...modality.allow, Find: false } });
  const settings = { DicomAlwaysAllowFind: false };
  await using open = await createWorld(1, { settings, modalities: { finder: modality } });
  const known = await open.open();
  await known.send(studyKeys);
  assert.deepEqual(await finalOf(known), [0, undefined]);
  known.destroy();
  const others: readonly DicomServerFixtureOptions['modalities'][] = [{}, { finder: refusing }];
  for (const modalities of others) {
    await using closed = await createWorld(1, { settings, modalities });
    const peer = await closed.open();
    await peer.send(studyKeys);
    assert.equal(await peer.final, 'aborted');
    assert.equal(peer.answers.length, 0);
  }
});

test('answers that the limit leaves out end the request as cancelled', async () => {
  await using world = await createWorld(500, { settings: { LimitFindResults: 3 } });
  const peer = await world.open();
  await peer.send(studyKeys);
  assert.deepEqual(await finalOf(peer), [0xfe00, undefined]);
  assert.equal(peer.answers.length, 4);
  peer.destroy();
});

test('a request is cancelled in the middle, and the search with it', async () => {
  await using world = await createWorld(1_000_000);
  const peer: FindPeer = await world.open({
    pending: (answers) => {
      if (answers === 5) peer.cancel();
    },
  });
  await peer.send(studyKeys);
  assert.deepEqual(await finalOf(peer), [0xfe00, undefined]);
  assert.ok(peer.answers.length < 100, `${peer.answers.length} answers`);
  assert.ok(world.progress.isOver);
  assert.ok(world.progress.taken <= 2 * batchLength);
  peer.destroy();
});

test('a search that finds nothing is cancelled too', async () => {
  await using world = await createWorld(1_000_000);
  const peer = await world.open();
  await peer.send([...studyKeys, { tag: Tag.SecondaryCaptureDeviceID, value: 'NONE' }]);
  while (world.progress.taken === 0) await new Promise(setImmediate);
  await peer.cancel();
  assert.deepEqual(await finalOf(peer), [0xfe00, undefined]);
  assert.equal(peer.answers.length, 1);
  assert.ok(world.progress.isOver && world.progress.taken < 10_000, `${world.progress.taken} studies`);
  peer.destroy();
});

test('for a peer that does not read the search waits, and goes on when it reads', async () => {
  await using world = await createWorld(1000);
  let stopped: () => void = () => {};
  const paused = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const peer: FindPeer = await world.open({
    pending: (answers) => {
      if (answers !== 2) return;
      peer.pause();
      stopped();
    },
  });
  await peer.send(studyKeys);
  await paused;
  for (let turn = 0; turn < 2000; turn++) await new Promise(setImmediate);
  assert.ok(world.progress.taken <= batchLength);
  peer.resume();
  assert.deepEqual(await finalOf(peer), [0, undefined]);
  assert.equal(peer.answers.length, 1001);
  peer.destroy();
});

test('the search ends with the connection', async () => {
  await using world = await createWorld(1_000_000);
  const peer: FindPeer = await world.open({
    pending: (answers) => {
      if (answers === 3) peer.destroy();
    },
  });
  await peer.send(studyKeys);
  assert.equal(await peer.final, 'aborted');
  while (!world.progress.isOver) await new Promise(setImmediate);
  assert.ok(world.progress.taken <= 2 * batchLength);
});

test('what is no identifier cannot be understood; the association goes on', async () => {
  await using world = await createWorld(2);
  const bad: readonly (readonly [Uint8Array | readonly ElementInit[], string | undefined])[] = [
    [Uint8Array.from({ length: 4000 }, (_, at) => (at * 89) % 256), 'The identifier cannot be read'],
    [encodeDataSet(createDataSet(studyKeys), implicit).subarray(0, -4), 'The identifier cannot be read'],
    [new Uint8Array(0), 'The query/retrieve level is missing'],
    [[{ tag: Tag.QueryRetrieveLevel, value: 'FOO' }], 'The query/retrieve level is unknown'],
    [
      [
        { tag: Tag.QueryRetrieveLevel, value: 'STUDY' },
        { tag: Tag.StudyDate, vr: 'DA', value: '2*' },
      ],
      'Wildcards are not allowed on tag 0008,0020',
    ],
  ];
  for (const [identifier, comment] of bad) {
    const peer = await world.open();
    await peer.send(identifier);
    assert.deepEqual(await finalOf(peer), [0xc000, comment]);
    assert.equal(peer.answers.length, 1);
    await peer.send(studyKeys);
    while (peer.answers.length < 4) await new Promise(setImmediate);
    assert.equal(peer.answers[3]?.response.Status, 0);
    peer.destroy();
    world.progress.taken = 0;
  }
});

test('an identifier without end is read, dropped and refused', async () => {
  await using world = await createWorld(1);
  const peer = await world.open();
  await peer.send(new Uint8Array(3 << 20));
  assert.deepEqual(await finalOf(peer), [0xa700, 'The identifier is too long']);
  peer.destroy();
});

test('a search that fails says so, and what it was about stays in the log of the server', async () => {
  const empty = createDicomServerFixture().services.index;
  const index: DicomServerServices['index'] = {
    ...empty,
    async *find() {
      yield [study(1)];
      throw new Error('database is broken');
    },
  };
  await using world = await createWorld(0, { query: { index } });
  const peer = await world.open();
  await peer.send(studyKeys);
  assert.deepEqual(await finalOf(peer), [0xc000, undefined]);
  assert.equal(peer.answers.length, 2);
  assert.ok(world.lines.some((line) => line.includes('C-FIND of AET "FINDER" failed: database is broken')));
  peer.destroy();
});

test('the log tells how many answers there were, and nothing of them', async () => {
  await using world = await createWorld(2);
  const peer = await world.open();
  await peer.send([...studyKeys, { tag: Tag.PatientName, value: '' }]);
  await peer.final;
  assert.ok(world.lines.includes('C-FIND of AET "FINDER" at level Study: 2 answers, status 0x0000'));
  assert.ok(!world.lines.some((line) => line.includes('Schädel')));
  peer.destroy();
});
