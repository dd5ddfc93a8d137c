// C-FIND of a requestor: answers in order and in bounded memory, whatever the peer does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandField, type CommandSet, Status } from '../messages/index.ts';
import type { FindResponse } from '../operations/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import type { Association } from './index.ts';
import { findModel, openScripted, type Peer } from './scripted-peer.ts';

const answer = Uint8Array.of(1, 2, 3, 4);

function find(association: Association): AsyncGenerator<FindResponse, void, undefined> {
  return association.find({ contextId: 1, sopClassUid: findModel, identifier: [Uint8Array.of(9, 9)] });
}

async function all(responses: AsyncIterable<FindResponse>): Promise<readonly FindResponse[]> {
  const list: FindResponse[] = [];
  for await (const response of responses) list.push(response);
  return list;
}

/** Sends as fast as it is let, until its C-CANCEL or the end of the connection. */
async function flood(request: CommandSet, peer: Peer, size: number, stopped: () => boolean): Promise<number> {
  let sent = 0;
  while (!stopped()) {
    await peer.respond(request, Status.pending, new Uint8Array(size));
    sent += 1;
    await new Promise(setImmediate);
  }
  return sent;
}

test('answers come in their order, the final status last', async () => {
  const { association, gone } = await openScripted(createMemoryTransport(), async (request, peer) => {
    await peer.respond(request, Status.pending, answer);
    await peer.respond(request, Status.pendingWarning, new Uint8Array(100_000).fill(7));
    await peer.respond(request, Status.success);
  });
  const responses = await all(find(association));
  assert.deepEqual(
    responses.map(({ status, identifier }) => [status, identifier?.length]),
    [
      [Status.pending, 4],
      [Status.pendingWarning, 100_000],
      [Status.success, undefined],
    ],
  );
  assert.deepEqual(responses[0]?.identifier, answer);
  await association.release();
  const { commands, told } = await gone;
  assert.deepEqual(
    commands.map((command) => [command.CommandField, command.AffectedSOPClassUID, command.Priority]),
    [[CommandField.cFind, findModel, 0]],
  );
  assert.deepEqual(told, ['A-RELEASE-RQ']);
});

test('a query that fails gives its status, and the association serves the next one', async () => {
  const statuses = [Status.cannotUnderstand, Status.success];
  const { association } = await openScripted(createMemoryTransport(), (request, peer) =>
    peer.respond(request, statuses.shift() ?? 0),
  );
  assert.deepEqual(await all(find(association)), [{ status: Status.cannotUnderstand }]);
  assert.deepEqual(await all(find(association)), [{ status: Status.success }]);
  await association.release();
});

test('whoever leaves early cancels, and the association goes on after the final response', async () => {
  let request: CommandSet | undefined;
  const { association, gone } = await openScripted(createMemoryTransport(), (command, peer) => {
    if (command.CommandField === CommandField.cFind) {
      request = command;
      return peer.respond(command, Status.pending, answer);
    }
    return request && peer.respond(request, Status.cancel);
  });
  for await (const { status } of find(association)) {
    assert.equal(status, Status.pending);
    break;
  }
  await association.release();
  const { commands, told } = await gone;
  assert.deepEqual(
    commands.map(({ CommandField: field }) => field),
    [CommandField.cFind, CommandField.cCancel],
  );
  assert.equal(commands[1]?.MessageIDBeingRespondedTo, commands[0]?.MessageID);
  assert.deepEqual(told, ['A-RELEASE-RQ']);
});

test('answers without end wait in the network while nobody reads them', async () => {
  let isCancelled = false;
  let flooding: Promise<number> | undefined;
  const { association, gone } = await openScripted(createMemoryTransport(), (command, peer) => {
    if (command.CommandField === CommandField.cCancel) isCancelled = true;
    else flooding = flood(command, peer, 100_000, () => isCancelled).finally(() => peer.respond(command, 0xfe00));
  });
  let read = 0;
  for await (const response of find(association)) {
    assert.equal(response.identifier?.length, 100_000);
    read += 1;
    // Much longer than the peer takes to fill what may be held.
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    if (read === 3) break;
  }
  const sent = (await flooding) ?? 0;
  assert.ok(sent < 30, `${sent} answers were taken`);
  await association.release();
  assert.deepEqual((await gone).told, ['A-RELEASE-RQ']);
});

test('a peer that goes on after C-CANCEL is left in the end', async () => {
  const { association, gone } = await openScripted(
    createMemoryTransport(),
    (command, peer) => {
      let isOver = false;
      gone.then(() => {
        isOver = true;
      });
      if (command.CommandField === CommandField.cFind) flood(command, peer, 10, () => isOver);
    },
    { timeout: 100 },
  );
  for await (const { status } of find(association)) {
    assert.equal(status, Status.pending);
    break;
  }
  await assert.rejects(all(find(association)), { failure: 'timeout', message: /of the cancellation/ });
  assert.deepEqual((await gone).told, ['A-ABORT']);
});

test('a peer that falls silent after some answers', async () => {
  const { association } = await openScripted(
    createMemoryTransport(),
    (command, peer) => peer.respond(command, Status.pending, answer),
    {
      timeout: 100,
    },
  );
  const responses = find(association);
  assert.equal((await responses.next()).done, false);
  await assert.rejects(responses.next(), { failure: 'timeout' });
});

test('a reader slower than the timeout is not held against the peer', async () => {
  const { association } = await openScripted(
    createMemoryTransport(),
    async (command, peer) => {
      for (let count = 0; count < 30; count++) await peer.respond(command, Status.pending, new Uint8Array(100_000));
      await peer.respond(command, Status.success);
    },
    { timeout: 100 },
  );
  let count = 0;
  for await (const _ of find(association)) {
    if (count === 0) await new Promise((resolve) => setTimeout(resolve, 250));
    count += 1;
  }
  assert.equal(count, 31);
  await association.release();
});

test('an answer to another request ends the association', async () => {
  const wrong = (extra: Partial<CommandSet>) =>
    openScripted(createMemoryTransport(), (command, peer) => peer.respond(command, Status.pending, answer, extra));
  for (const extra of [{ MessageIDBeingRespondedTo: 4711 }, { CommandField: 0x8030 }]) {
    const { association, gone } = await wrong(extra);
    await assert.rejects(all(find(association)), { failure: 'protocol' });
    assert.deepEqual((await gone).told, ['A-ABORT']);
  }
});

test('an answer without an identifier, and one without end, end the association', async () => {
  const bare = await openScripted(createMemoryTransport(), (command, peer) => peer.respond(command, Status.pending));
  await assert.rejects(all(find(bare.association)), { failure: 'protocol', message: /without an identifier/ });
  const endless = await openScripted(createMemoryTransport(), (command, peer) =>
    peer.respond(command, Status.pending, new Uint8Array(17 << 20)),
  );
  await assert.rejects(all(find(endless.association)), { failure: 'protocol', message: /without end/ });
});

test('a connection that is lost in the middle of an answer', async () => {
  const { association } = await openScripted(createMemoryTransport(), async (command, peer) => {
    await peer.respond(command, Status.pending, answer);
    await peer.send({ CommandField: 0x8020, MessageIDBeingRespondedTo: 1, CommandDataSetType: 1, Status: 0xff00 });
    peer.connection.close();
  });
  const responses = find(association);
  assert.deepEqual((await responses.next()).value, { status: Status.pending, identifier: answer });
  await assert.rejects(responses.next(), { failure: 'closed' });
});

test('a request of the peer that is not served ends the association', async () => {
  const { association } = await openScripted(createMemoryTransport(), (_command, peer) =>
    peer.send({ CommandField: CommandField.cEcho, MessageID: 9, CommandDataSetType: 0x0101 }),
  );
  await assert.rejects(all(find(association)), { failure: 'protocol', message: /not served/ });
});
