// /peers: remote servers with this same REST API.
import { transferSyntaxOf } from '@pharos/dicom';
import { bytes, empty, json, parseJson, query, type Reply, routeFor, Type, unanswered } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { PeerAnswer } from '../ports/index.ts';
import type { Peer, Services } from '../services/index.ts';
import { parsePeer, printPeer } from '../services/modalities/index.ts';
import { checkStatus, createPeerStoreJob, requestPeer } from '../services/peers/index.ts';
import { selectInstances } from '../services/selection/index.ts';
import { logExports } from '../services/transfer/index.ts';
import { jobFields, jobOptionsOf, submissionReply } from './jobs-submission.ts';
import { memberReader } from './shapes/json-body.ts';
import { resourceListOf } from './shapes/resource-list.ts';

const route = routeFor<Services>();
const tag = 'Peers';
const names = Type.Array(Type.String());
const peerShape = Type.Object({ Url: Type.String(), Username: Type.Optional(Type.String()) });

function peerNamed({ peers }: Services, name: string): Peer {
  const peer = peers.get(name);
  if (peer) return peer;
  throw new PharosError('UnknownResource', `No peer with symbolic name: ${name.slice(0, 64)}`);
}

/** What clients find below a peer: they look here for what they may ask. */
const operations: readonly string[] = ['configuration', 'store', 'store-straight', 'system'];

/** What a peer answered, as it is, but nothing else than JSON. @throws PharosError NetworkProtocol */
function passedOn(what: string, { body }: PeerAnswer): Reply {
  try {
    parseJson(Buffer.from(body).toString('utf8'));
    return bytes(body, 'application/json');
  } catch (cause) {
    const details = `${what}: the answer of the peer is no JSON, check that its URL is that of a REST API`;
    throw new PharosError('NetworkProtocol', { details, cause });
  }
}

/** @throws PharosError BadFileFormat */
function syntaxOf(uid: string | undefined): string | undefined {
  if (uid === undefined || transferSyntaxOf(uid)) return uid;
  throw new PharosError('BadFileFormat', `Unknown transfer syntax UID: ${uid.slice(0, 64)}`);
}

const isOn = (value: string | undefined): boolean => value === '1' || value === 'true';

const registryRoutes = [
  route({
    method: 'GET',
    path: '/peers',
    summary: 'Names of the peers',
    tag,
    query: { expand: query.boolean('With their configurations, without secrets', false) },
    reply: names,
    handler: ({ query: { expand } }, services) => {
      const { peers } = services;
      if (!expand) return json(peers.names());
      return json(Object.fromEntries(peers.names().map((name) => [name, printPeer(peerNamed(services, name))])));
    },
  }),
  route({
    method: 'GET',
    path: '/peers/:id',
    summary: 'What can be asked of a peer',
    tag,
    reply: names,
    handler: ({ params }, { peers }) => (peers.get(params.id) ? json(operations) : unanswered),
  }),
  route({
    method: 'PUT',
    path: '/peers/:id',
    summary: 'Registers a peer: [url, user, password] or an object',
    tag,
    body: peerShape,
    reply: 'text/plain',
    handler: async ({ params, body }, { peers, peerNetwork }) => {
      const peer = parsePeer(await body.json());
      peerNetwork.check(peer);
      await peers.set(params.id, peer);
      return empty();
    },
  }),
  route({
    method: 'DELETE',
    path: '/peers/:id',
    summary: 'Forgets a peer',
    tag,
    reply: 'text/plain',
    handler: async ({ params }, { peers }) => {
      if (await peers.remove(params.id)) return empty();
      throw new PharosError('InexistentItem', `Unknown peer with symbolic name: ${params.id.slice(0, 64)}`);
    },
  }),
  route({
    method: 'GET',
    path: '/peers/:id/configuration',
    summary: 'The configuration of a peer, without secrets',
    tag,
    reply: peerShape,
    handler: ({ params }, services) => json(printPeer(peerNamed(services, params.id))),
  }),
];

const networkRoutes = [
  route({
    method: 'POST',
    path: '/peers/:id/store',
    summary: 'Sends resources to a peer, as a job: an identifier, an array, or an object with Resources',
    tag,
    body: Type.Object({
      ...jobFields,
      Resources: Type.Array(Type.String()),
      Compress: Type.Optional(Type.Boolean({ description: 'Whether files go compressed by gzip' })),
      Transcode: Type.Optional(Type.String({ description: 'Transfer syntax' })),
    }),
    reply: Type.Record(Type.String(), Type.Unknown()),
    async handler({ params, body }, services) {
      const peer = peerNamed(services, params.id);
      const { ids, members } = await resourceListOf(body);
      const options = jobOptionsOf(members);
      const member = memberReader(members, 'BadFileFormat');
      const { resources, instances } = await selectInstances(services, ids);
      await logExports(services, resources, params.id);
      const job = createPeerStoreJob(services, {
        description: 'REST API',
        instances,
        parents: resources.map(({ id }) => id),
        resources,
        permissive: options.permissive,
        peer: params.id,
        compress: member.boolean('Compress') ?? isOn(peer.properties.Compress),
        transcode: syntaxOf(member.text('Transcode')),
      });
      return submissionReply(services, job, options);
    },
  }),
  route({
    method: 'POST',
    path: '/peers/:id/store-straight',
    summary: 'Sends the DICOM file in the body to a peer; it is not kept here',
    tag,
    reply: 'application/json',
    async handler({ params, body }, services) {
      const peer = peerNamed(services, params.id);
      if (body.length === undefined) throw new PharosError('LengthRequired');
      const file = { length: body.length, mime: 'application/dicom', open: () => body.stream() };
      const answer = await requestPeer(services.peerNetwork, peer, { method: 'POST', path: 'instances', body: file });
      const what = `Sending a file to peer "${params.id}"`;
      checkStatus(what, answer);
      return passedOn(what, answer);
    },
  }),
  route({
    method: 'GET',
    path: '/peers/:id/system',
    summary: 'What a peer says of itself',
    tag,
    reply: 'application/json',
    async handler({ params }, services) {
      const peer = peerNamed(services, params.id);
      const answer = await requestPeer(services.peerNetwork, peer, { method: 'GET', path: 'system' });
      // As Orthanc: a refusal is passed on, its status alone.
      if (answer.status >= 400) return empty({}, answer.status);
      const what = `Asking peer "${params.id}" for its system`;
      checkStatus(what, answer);
      return passedOn(what, answer);
    },
  }),
];

export const peerRoutes = [...registryRoutes, ...networkRoutes];
