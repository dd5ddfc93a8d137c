// /peers: remote servers with this same REST API.
import { empty, json, query, routeFor, Type, unanswered } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { Peer, Services } from '../services/index.ts';
import { parsePeer, printPeer } from '../services/modalities/index.ts';

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

export const peerRoutes = [
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
    handler: async ({ params, body }, { peers }) => {
      await peers.set(params.id, parsePeer(await body.json()));
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
