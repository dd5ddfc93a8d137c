// Retrieval: what is sent for each level, what a report says, what ends it, where instances of a C-GET go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTag, Tag } from '@pharos/dicom';
import { openIngest, silentLog, syntheticInstance, syntheticUids } from '@pharos/testkit';
import { PharosError } from '../../model/index.ts';
import type { ModalityNetwork, MoveOutcome, NetworkQuery, ReceivedInstance } from '../../ports/index.ts';
import { createIngestEvents } from '../ingest/index.ts';
import { createMoveArrivals } from './move-arrivals.ts';
import { type RetrieveDependencies, type RetrieveRequest, retrieveItem } from './remote-retrieve.ts';
import { createRetrieveJob, type RetrieveReport, retrieveJobTypes } from './retrieve-job.ts';

const remote = { aet: 'PACS', host: '192.0.2.1', port: 104, localAet: 'PHAROS', timeout: 10 };
const done: MoveOutcome = { status: 0, remaining: 0, completed: 1, failed: 0, warning: 0 };
const refused = new PharosError('NetworkProtocol', 'C-MOVE SCU to AET "PACS" has failed with DIMSE status 0xC000');

const unused = () => assert.fail('nobody should ask for this');

function dependencies(
  network: Partial<ModalityNetwork>,
  ingest?: RetrieveDependencies['ingest'],
  events = createIngestEvents(),
): RetrieveDependencies {
  return {
    network: { move: unused, get: unused, ...network },
    ingest: ingest ?? { begin: unused },
    arrivals: createMoveArrivals(events),
    live: { fallbackCharset: () => 'ISO_IR 100' },
    log: silentLog,
  };
}

interface Watching {
  readonly progress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Runs the job to its end; tells what its Content shows then, and what it failed with. */
async function retrieve(deps: RetrieveDependencies, asked: RetrieveRequest, watching: Watching = {}) {
  const { progress = () => undefined, signal = new AbortController().signal } = watching;
  let details: RetrieveReport['details'] = [];
  const show = (report: RetrieveReport) => {
    details = report.details;
    return {};
  };
  const job = createRetrieveJob({ ...deps, show }, { request: asked, format: 'short' });
  const context = { id: 'job', signal, log: silentLog.of('jobs'), progress, offer: () => undefined };
  let failure: PharosError | undefined;
  try {
    for await (const step of job.run(context)) progress(step.progress);
  } catch (error) {
    if (!(error instanceof PharosError)) throw error;
    failure = error;
  }
  job.content();
  return { details, failure };
}

const known = new Map<number, string>([
  [Tag.PatientID, 'P'],
  [Tag.AccessionNumber, ''],
  [Tag.StudyInstanceUID, '1.2'],
  [Tag.SeriesInstanceUID, '1.2.3'],
  [Tag.SOPInstanceUID, '1.2.3.4'],
  [Tag.PatientName, 'N'],
]);

function request(change: Partial<RetrieveRequest> = {}, items = 1): RetrieveRequest {
  const level = change.level ?? 'Study';
  const item = retrieveItem(level, (tag) => known.get(tag));
  return {
    method: 'C-MOVE',
    remote,
    target: 'THERE',
    level,
    permissive: false,
    items: Array.from({ length: items }, () => item),
    ...change,
  };
}

test('a command has the identifiers of its level and nothing else', async () => {
  const sent: (readonly [string, ...string[]])[] = [];
  const note = ({ model, identifier }: NetworkQuery) => {
    const keys = Array.from(identifier.tags(), (tag) => `${formatTag(tag)}=${identifier.text(tag)}`);
    sent.push([model, ...keys.slice(1)]);
    return Promise.resolve(done);
  };
  const network = dependencies({
    move: (_remote, query, target) => {
      assert.equal(target, 'THERE');
      return note(query);
    },
    get: (_remote, query) => note(query),
  });
  for (const level of ['Patient', 'Study', 'Series', 'Instance'] as const) {
    for (const method of ['C-MOVE', 'C-GET'] as const) await retrieve(network, request({ level, method }));
  }
  const patient = ['0008,0052=PATIENT', '0010,0020=P'];
  const study = ['study-root', '0008,0052=STUDY', '0020,000d=1.2'];
  const series = ['study-root', '0008,0052=SERIES', '0020,000d=1.2', '0020,000e=1.2.3'];
  const instance = ['study-root', '0008,0018=1.2.3.4', '0008,0052=IMAGE', '0020,000d=1.2', '0020,000e=1.2.3'];
  const expected = [['study-root', ...patient], ['patient-root', ...patient], study, study, series, series];
  assert.deepEqual(sent, [...expected, instance, instance]);
});

test('an item shows its identifiers, and cannot be made without those of its level', () => {
  assert.deepEqual(
    retrieveItem('Study', (tag) => (tag === Tag.SeriesInstanceUID ? undefined : known.get(tag))),
    { '0008,0018': '1.2.3.4', '0008,0050': '', '0008,0052': 'STUDY', '0010,0020': 'P', '0020,000d': '1.2' },
  );
  const levels = { Patient: Tag.PatientID, Study: Tag.StudyInstanceUID, Series: Tag.StudyInstanceUID } as const;
  for (const level of ['Patient', 'Study', 'Series'] as const) {
    for (const missing of [undefined, '']) {
      const textOf = (tag: number) => (tag === levels[level] ? missing : known.get(tag));
      assert.throws(() => retrieveItem(level, textOf), { code: 'BadRequest' }, level);
    }
  }
});

test('a failed command ends the retrieval, unless that is permissive', async () => {
  const outcomes = [done, refused, { ...done, status: 0xb000 }, done];
  const network = () => {
    const left = [...outcomes];
    return dependencies({
      async move() {
        const next = left.shift();
        if (!next || next instanceof PharosError) throw next;
        return next;
      },
    });
  };
  const strict = await retrieve(network(), request({}, 4));
  assert.equal(strict.failure?.details, refused.details);
  assert.equal(strict.failure?.payload?.type, 'RetrieveJob');
  assert.deepEqual(
    strict.details.map(({ status }) => status),
    [0, undefined],
  );
  const permissive = await retrieve(network(), request({ permissive: true }, 4));
  assert.equal(permissive.failure, undefined);
  assert.deepEqual(
    permissive.details.map(({ status }) => status),
    [0, undefined, 0xb000, 0],
  );
});

test('a final status that is no success is a failure', async () => {
  for (const [status, fails] of [
    [0x0000, false],
    [0xff00, false],
    [0xb000, true],
    [0xfe00, true],
  ] as const) {
    const { failure } = await retrieve(dependencies({ move: async () => ({ ...done, status }) }), request());
    assert.equal(failure?.code, fails ? 'NetworkProtocol' : undefined, String(status));
    if (fails)
      assert.match(failure?.details ?? '', /^C-MOVE SCU to AET "PACS" has failed with DIMSE status 0x[0-9A-F]{4}$/);
  }
});

test('progress grows with sub-operations and commands, to the end', async () => {
  const fractions: number[] = [];
  const network = dependencies({
    async move(_remote, _query, _target, options) {
      options?.progress?.({ remaining: 1, completed: 1, failed: 0, warning: 0 });
      return done;
    },
  });
  await retrieve(network, request({}, 2), { progress: (fraction) => fractions.push(fraction) });
  assert.deepEqual(fractions, [0.25, 0.5, 0.75, 1]);
});

test('an abort cancels the command under way; no other follows', async () => {
  const controller = new AbortController();
  let commands = 0;
  const network = dependencies({
    async move(_remote, _query, _target, options) {
      commands++;
      assert.equal(options?.isCancelled?.(), false);
      controller.abort();
      assert.equal(options?.isCancelled?.(), true);
      return { ...done, status: 0xfe00 };
    },
  });
  const { failure, details } = await retrieve(network, request({ permissive: true }, 3), { signal: controller.signal });
  assert.deepEqual([failure?.code, commands, details.length], ['CanceledJob', 1, 1]);
  assert.equal((await retrieve(network, request(), { signal: controller.signal })).failure?.code, 'CanceledJob');
  assert.equal(commands, 1);
});

const identity = { kind: 'header', patient: 1, study: 0, series: 0, instance: 0 } as const;
const sopClassUid = '1.2.840.10008.5.1.4.1.1.66';

function instance(
  file: AsyncIterable<Uint8Array>,
  sopInstanceUid = syntheticUids(identity).instance,
): ReceivedInstance {
  return { sopClassUid, sopInstanceUid, transferSyntax: '1.2.840.10008.1.2.1', file };
}

async function* inPieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
}

async function* broken(bytes: Uint8Array) {
  yield bytes.subarray(0, 200);
  throw new PharosError('NetworkProtocol', 'the connection is gone');
}

test('instances of a C-GET are stored as others are, and reported; those that cannot be are refused and leave nothing', async () => {
  const store = await openIngest();
  try {
    const file = syntheticInstance(identity);
    const statuses: number[] = [];
    const network = dependencies(
      {
        async get(_remote, _query, receive) {
          statuses.push(await receive(instance(inPieces(file))));
          statuses.push(await receive(instance(inPieces(file))));
          statuses.push(await receive(instance(inPieces(file), '1.2.3')));
          statuses.push(await receive(instance(inPieces(new Uint8Array(300)))));
          statuses.push(await receive(instance(broken(file))));
          return done;
        },
      },
      store.ingest,
    );
    const { details } = await retrieve(network, request({ method: 'C-GET' }));
    assert.deepEqual(statuses, [0, 0, 0xc000, 0xc000, 0xc000]);
    const [id] = details[0]?.received ?? [];
    assert.deepEqual(details[0]?.received, [id, id]);
    const kept = id && (await store.index.get(id, { metadata: true }));
    assert.ok(kept);
    assert.equal((await store.index.lookup(syntheticUids(identity).instance)).length, 1);
  } finally {
    await store.discard();
  }
});

test('a job that was kept goes on where it was, and one that cannot be read says so', async () => {
  const asked = request({}, 3);
  const deps = {
    ...dependencies({ move: async () => done }),
    show: ({ details }: RetrieveReport) => ({ done: details.length }),
  };
  const job = createRetrieveJob(deps, { request: asked, format: 'short' });
  const context = {
    id: 'job',
    signal: new AbortController().signal,
    log: silentLog.of('jobs'),
    progress: () => undefined,
    offer: () => undefined,
  };
  for await (const _step of job.run(context)) break;
  const kept = JSON.parse(JSON.stringify({ input: job.input, state: job.state() }));
  const [type] = retrieveJobTypes(deps).filter(({ name }) => name === job.type);
  const again = type?.restore(kept.input, kept.state);
  assert.deepEqual(again?.content(), { done: 1 });
  let steps = 0;
  if (again) for await (const _step of again.run(context)) steps++;
  assert.deepEqual([steps, again?.content()], [2, { done: 3 }]);
  again?.reset();
  assert.deepEqual(again?.content(), { done: 0 });
  for (const [input, state] of [
    [{}, kept.state],
    [{ ...kept.input, format: 'x' }, kept.state],
    [{ ...kept.input, request: { ...asked, remote: {} } }, kept.state],
    [kept.input, { position: 9, details: [] }],
    [kept.input, { position: 0, details: [{ status: 'x', received: [] }] }],
  ]) {
    assert.throws(() => type?.restore(input, state), { code: 'CorruptedFile' });
  }
});

test('what a C-MOVE brings to this server is reported, also where the peer fails afterwards', async () => {
  const store = await openIngest();
  try {
    const move: ModalityNetwork['move'] = async (_remote, _query, _target, options) => {
      const moveOriginator = { aet: remote.localAet, messageId: options?.messageId ?? 0 };
      const intake = store.ingest.begin({ origin: 'DicomProtocol', moveOriginator });
      await intake.push(syntheticInstance(identity));
      await intake.finish();
      throw refused;
    };
    const { details } = await retrieve(dependencies({ move }, undefined, store.events), request());
    const [stored] = await store.index.lookup(syntheticUids(identity).instance);
    assert.ok(stored);
    assert.deepEqual(details[0]?.received, [stored.id]);
  } finally {
    await store.discard();
  }
});

test('SOP classes that an answer told are proposed by C-GET; what is none is left out', async () => {
  const seen: NetworkQuery['sopClasses'][] = [];
  const network = dependencies({
    async get(_remote, query) {
      seen.push(query.sopClasses);
      return done;
    },
  });
  const itemWith = (classes: string | undefined) =>
    retrieveItem('Study', (tag) => (tag === Tag.SOPClassesInStudy ? classes : known.get(tag)));
  const items = [itemWith(`1.2.840.10008.5.1.4.1.1.2\\\\${sopClassUid}\\x`), itemWith(undefined), itemWith('')];
  await retrieve(network, request({ method: 'C-GET', items }));
  assert.deepEqual(seen, [['1.2.840.10008.5.1.4.1.1.2', sopClassUid], [], []]);
});
