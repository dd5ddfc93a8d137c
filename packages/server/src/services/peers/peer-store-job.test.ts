// Sending to a peer as a job: what it shows and keeps, where it goes on, in which form files go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createImageWorkers } from '@pharos/codecs';
import { parsePart10, Tag } from '@pharos/dicom';
import { noMetrics, openIngest, silentLog, syntheticInstance } from '@pharos/testkit';
import type { OutgoingInstance, PeerBody, PeerNetwork, PeerRequest } from '../../ports/index.ts';
import type { Job, JobContext } from '../jobs/index.ts';
import { createInstanceReader } from '../read/index.ts';
import { selectInstances } from '../selection/index.ts';
import type { Peer } from '../services.ts';
import { createTranscoder } from '../transcode/index.ts';
import { createPeerStoreJob, type PeerStoreInput, peerStoreJobType } from './index.ts';
import { peerBody } from './peer-body.ts';

const far: Peer = {
  url: 'http://far.example/',
  username: 'alice',
  password: 'hidden',
  httpHeaders: { 'X-Token': 'hidden' },
  certificateFile: '',
  certificateKeyFile: '',
  certificateKeyPassword: 'hidden',
  pkcs11: false,
  timeout: 0,
  properties: { RemoteSelf: 'me' },
};
const shown = {
  HttpHeaders: ['X-Token'],
  Pkcs11: false,
  RemoteSelf: 'me',
  Timeout: 0,
  Url: far.url,
  Username: 'alice',
};

const readerOptions = {
  live: { fallbackCharset: () => 'ISO_IR 100' },
  settings: { DicomParserCacheSize: 1, MaximumStorageCacheSize: 1 },
  metrics: noMetrics,
};

async function bytesOf({ open }: Pick<PeerBody, 'open'>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(open()));
}

/** Three instances of a series, and peers that answer as they are told and remember what they got. */
async function openWorld(status: (request: number) => number = () => 200) {
  const store = await openIngest();
  const files = [1, 2, 3].map((instance) =>
    syntheticInstance({ kind: 'header', patient: 1, study: 1, series: 1, instance, elements: [] }),
  );
  let study = '';
  for (const file of files) study = (await store.store(file)).ids.study;
  const sent: Buffer[] = [];
  const told: string[] = [];
  let requests = 0;
  const peerNetwork: PeerNetwork = {
    check: () => undefined,
    open: () => ({
      async request({ body }: PeerRequest) {
        requests += 1;
        const answer = { status: status(requests), location: undefined, body: Buffer.from('{}') };
        if (answer.status === 200 && body) sent.push(await bytesOf(body));
        return answer;
      },
      abort: () => void told.push('abort'),
      close: () => void told.push('close'),
    }),
  };
  const peers = new Map([['far', far]]);
  const reader = createInstanceReader({ ...store, ...readerOptions });
  // Nothing here has pixels: no thread is started.
  const images = createImageWorkers({ threads: 1, memoryBytes: 0 });
  const settings = { DicomLossyTranscodingQuality: 90, TranscoderCacheSize: 1 };
  const transcoder = createTranscoder({ ...store, reader, images, settings, metrics: noMetrics });
  const deps = { ...store, peerNetwork, peers, reader, transcoder };
  const { resources, instances } = await selectInstances(store, [study]);
  const common = { description: 'REST API', resources, instances, parents: [], permissive: false };
  const input: PeerStoreInput = { ...common, peer: 'far', compress: false };
  return { store, deps, input, files, sent, told };
}

function contextOf(signal = new AbortController().signal): JobContext {
  return { id: 'job', signal, log: silentLog.of('jobs'), progress: () => undefined, offer: () => undefined };
}

async function runAll(job: Job, context = contextOf()): Promise<number> {
  let steps = 0;
  for await (const _step of job.run(context)) steps += 1;
  return steps;
}

test('each file goes as it is stored, and Content is that of Orthanc', async () => {
  const { store, deps, input, files, sent, told } = await openWorld();
  const job = createPeerStoreJob(deps, input);
  assert.equal(await runAll(job), 3);
  assert.ok(Buffer.concat(sent).equals(Buffer.concat(files)));
  const size = files.reduce((sum, file) => sum + file.length, 0);
  const { Resources, ...content } = job.content();
  assert.ok(Array.isArray(Resources));
  assert.deepEqual(content, {
    Compress: false,
    Description: 'REST API',
    FailedInstancesCount: 0,
    InstancesCount: 3,
    Peer: shown,
    Size: String(size),
    SizeMB: 0,
  });
  assert.deepEqual(told, ['close']);
  await store.discard();
});

test('a job goes on where it was, with the peer as it is now; what is kept of it has no secret', async () => {
  const { store, deps, input, files, sent } = await openWorld((request) => (request === 2 ? 401 : 200));
  const job = createPeerStoreJob(deps, input);
  await assert.rejects(runAll(job), {
    code: 'NetworkProtocol',
    details: /^Sending instance \S+ to peer "far": HTTP status 401, the user name or password of the peer is wrong$/,
  });
  const kept = JSON.stringify([job.input, job.state()]);
  assert.doesNotMatch(kept, /hidden/);
  const [keptInput, keptState] = JSON.parse(kept);
  deps.peers.set('far', { ...far, url: 'http://moved.example/' });
  const again = peerStoreJobType(deps).restore(keptInput, keptState);
  assert.deepEqual(again.content().Peer, shown);
  assert.equal(await runAll(again), 2);
  assert.ok(Buffer.concat(sent).equals(Buffer.concat(files)));
  assert.deepEqual(again.content().Peer, { ...shown, Url: 'http://moved.example/' });
  again.reset();
  assert.equal(again.content().Size, '0');
  deps.peers.delete('far');
  assert.deepEqual(again.content().Peer, { ...shown, Url: 'http://moved.example/' });
  await assert.rejects(runAll(again), { code: 'InexistentItem', details: 'There is no peer "far" any more' });
  for (const bad of [
    null,
    {},
    { ...keptInput, peer: 1 },
    { ...keptInput, compress: 'x' },
    { ...keptInput, transcode: 1 },
  ])
    assert.throws(() => peerStoreJobType(deps).restore(bad, undefined), { code: 'CorruptedFile' });
  await store.discard();
});

test('a permissive job goes on after an instance that the peer refuses, and one that is gone', async () => {
  const { store, deps, input, files, sent } = await openWorld((request) => (request === 1 ? 400 : 200));
  const [, second] = input.instances;
  assert.ok(second);
  await store.index.deleteResource({ level: 'Instance', id: second }, '20260101T000000');
  const job = createPeerStoreJob(deps, { ...input, permissive: true });
  assert.equal(await runAll(job), 3);
  assert.deepEqual([sent.length, job.content().FailedInstancesCount], [1, 2]);
  assert.equal(job.content().Size, String(files[2]?.length));
  await store.discard();
});

test('cancelling breaks off what is under way', async () => {
  const { store, deps, input, told } = await openWorld();
  const controller = new AbortController();
  for await (const _step of createPeerStoreJob(deps, input).run(contextOf(controller.signal))) {
    controller.abort();
    break;
  }
  assert.deepEqual(told, ['abort', 'close']);
  await store.discard();
});

test('files go in another uncompressed transfer syntax, and compressed by gzip', async () => {
  const { store, deps, input, files, sent } = await openWorld();
  const transcode = '1.2.840.10008.1.2';
  const job = createPeerStoreJob(deps, { ...input, transcode, compress: true });
  await runAll(job);
  assert.deepEqual([job.content().Transcode, job.content().Compress], [transcode, true]);
  assert.equal(job.content().Size, String(Buffer.concat(sent).length));
  const [original, there] = [files[0], sent[0]].map((bytes) => bytes ?? new Uint8Array(0));
  assert.ok(original && there);
  const parsed = parsePart10(gunzipSync(there));
  assert.equal(parsed.transferSyntax, transcode);
  for (const tag of [Tag.SOPInstanceUID, Tag.PatientID, Tag.StudyInstanceUID])
    assert.equal(parsed.dataSet.text(tag), parsePart10(original).dataSet.text(tag));
  const impossible = createPeerStoreJob(deps, { ...input, transcode: '1.2.840.10008.1.2.4.50' });
  await assert.rejects(runAll(impossible), { code: 'NotImplemented', details: /^Cannot transcode/ });
  await store.discard();
});

test('a large file is compressed as it is sent, with the length that was announced, and is closed where nobody reads on', async () => {
  let opened = 0;
  let closed = 0;
  const noise = crypto.getRandomValues(new Uint8Array(64 * 1024));
  const large: OutgoingInstance = {
    sopClassUid: '1.2',
    sopInstanceUid: '1.3',
    transferSyntax: '1.2.840.10008.1.2.1',
    length: 320 * noise.length,
    async *open() {
      opened += 1;
      try {
        // Noise that does not repeat within the window of deflate.
        for (let n = 0; n < 320; n += 1) yield noise.map((value) => value ^ n);
      } finally {
        closed += 1;
      }
    },
  };
  const body = await peerBody(large, { compress: true });
  assert.deepEqual([opened, body.isGzip], [1, true]);
  const sent = await bytesOf(body);
  assert.deepEqual([sent.length, opened], [body.length, 2]);
  assert.equal(gunzipSync(sent).length, large.length);
  for await (const _piece of body.open()) break;
  while (closed < 3) await new Promise(setImmediate);
  const broken: OutgoingInstance = {
    ...large,
    async *open() {
      yield noise;
      throw new Error('disk failure');
    },
  };
  await assert.rejects(peerBody(broken, { compress: true }), /disk failure/);
});
