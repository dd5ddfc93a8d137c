// Peers that announce a data set with a response that has none (PS3.7 9.3), and send none, or send one all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CommandSet, responseTo, Status, verificationSopClass, withDataSet } from '../messages/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import type { Association } from './index.ts';
import { ct, findModel, implicit, openScripted, type Peer } from './scripted-peer.ts';

const answer = Uint8Array.of(1, 2, 3, 4);
const query = { contextId: 1, sopClassUid: findModel, identifier: [answer] };

const operations: readonly (readonly [string, (association: Association) => Promise<number>])[] = [
  ['C-ECHO', (association) => association.echo()],
  [
    'C-STORE',
    (association) => association.store({ contextId: 1, sopClassUid: ct, sopInstanceUid: '1.2', data: [answer] }),
  ],
  ['C-FIND', async (association) => (await Array.fromAsync(association.find(query))).at(-1)?.status ?? -1],
  ['C-MOVE', async (association) => (await association.move({ ...query, destination: 'X' })).status],
  ['C-GET', async (association) => (await association.get(query)).status],
];

const announce = (request: CommandSet): CommandSet => ({
  ...responseTo(request, Status.success),
  CommandDataSetType: withDataSet,
});

for (const [name, run] of operations) {
  for (const [what, respond] of [
    ['does not come', (request: CommandSet, peer: Peer) => peer.send(announce(request))],
    ['comes', (request: CommandSet, peer: Peer) => peer.send(announce(request), [answer])],
  ] as const) {
    test(`a data set that is announced at the end of ${name} and ${what} holds up nothing`, async () => {
      const contexts = [findModel, verificationSopClass].map((abstractSyntax) => ({
        abstractSyntax,
        transferSyntaxes: [implicit],
      }));
      const { association } = await openScripted(createMemoryTransport(), respond, { contexts });
      for (const time of ['first', 'second']) assert.equal(await run(association), Status.success, time);
      await association.release();
    });
  }
}
