// C-MOVE, C-GET, N-ACTION and N-EVENT-REPORT of a requestor.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandField, type CommandSet, Status, type SubOperations, storeRequest } from '../messages/index.ts';
import type { RetrieveOutcome } from '../operations/index.ts';
import { createStoreService, type StoreSink } from '../scp/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import { ct, openScripted, type Peer } from './scripted-peer.ts';

const model = '1.2.840.10008.5.1.4.1.2.2.2';
const query = { contextId: 1, sopClassUid: model, identifier: [Uint8Array.of(9, 9)] };

function counters(remaining: number, completed: number, failed = 0): Partial<CommandSet> {
  return {
    NumberOfRemainingSuboperations: remaining,
    NumberOfCompletedSuboperations: completed,
    NumberOfFailedSuboperations: failed,
    NumberOfWarningSuboperations: 0,
  };
}

test('a move tells its progress and its outcome', async () => {
  const { association, gone } = await openScripted(createMemoryTransport(), async (request, peer) => {
    await peer.respond(request, Status.pending, undefined, counters(2, 0));
    await peer.respond(request, Status.pending, undefined, counters(1, 0, 1));
    await peer.respond(request, 0xb000, Uint8Array.of(1, 2), {
      ...counters(0, 1, 1),
      NumberOfRemainingSuboperations: undefined,
    });
  });
  const seen: SubOperations[] = [];
  const outcome = await association.move({ ...query, destination: 'THIRD', progress: (now) => void seen.push(now) });
  assert.deepEqual(
    seen.map(({ remaining, completed, failed }) => [remaining, completed, failed]),
    [
      [2, 0, 0],
      [1, 0, 1],
    ],
  );
  assert.deepEqual(outcome, { status: 0xb000, remaining: 0, completed: 1, failed: 1, warning: 0 });
  await association.release();
  const { commands } = await gone;
  assert.deepEqual([commands[0]?.CommandField, commands[0]?.MoveDestination], [CommandField.cMove, 'THIRD']);
});

test('a move that is cancelled ends with what the peer says', async () => {
  let request: CommandSet | undefined;
  const { association, gone } = await openScripted(createMemoryTransport(), (command, peer) => {
    if (command.CommandField !== CommandField.cCancel) {
      request = command;
      return peer.respond(command, Status.pending, undefined, counters(5, 1));
    }
    return request && peer.respond(request, Status.cancel, undefined, counters(4, 2));
  });
  const outcome = await association.move({
    ...query,
    destination: 'THIRD',
    progress() {
      association.cancel();
      association.cancel();
    },
  });
  assert.deepEqual(outcome, { status: Status.cancel, remaining: 4, completed: 2, failed: 0, warning: 0 });
  association.cancel();
  await association.release();
  assert.equal((await gone).commands.length, 2);
});

test('what handles the progress and fails ends the association', async () => {
  const { association } = await openScripted(createMemoryTransport(), (command, peer) =>
    peer.respond(command, Status.pending),
  );
  const failing = (): void => {
    throw new RangeError('no');
  };
  await assert.rejects(association.move({ ...query, destination: 'THIRD', progress: failing }), { failure: 'aborted' });
});

interface Sinks {
  readonly log: string[];
  readonly begin: () => StoreSink;
}

/** Sinks that take their time and keep what happened. */
function slowSinks(): Sinks {
  const log: string[] = [];
  const begin = (): StoreSink => {
    let bytes = 0;
    return {
      push(chunk) {
        bytes += chunk.length;
        return new Promise(setImmediate);
      },
      async finish() {
        await new Promise(setImmediate);
        log.push(`stored ${bytes}`);
        return bytes === 5 ? 0xa900 : Status.success;
      },
      async abort() {
        log.push(`aborted after ${bytes}`);
      },
    };
  };
  return { log, begin };
}

function storeOf(messageId: number): CommandSet {
  return storeRequest({ messageId, sopClassUid: ct, sopInstanceUid: `1.2.${messageId}` });
}

/** A peer that sends data sets of these sizes, each after the answer to the one before. */
function getPeer(sizes: readonly number[]): (command: CommandSet, peer: Peer) => unknown {
  let request: CommandSet | undefined;
  let at = 0;
  return (command, peer) => {
    request ??= command;
    const size = sizes[at];
    at += 1;
    if (size === undefined) return peer.respond(request, Status.success, undefined, counters(0, sizes.length));
    return peer.send(storeOf(at), [new Uint8Array(size)]);
  };
}

async function get(
  script: (command: CommandSet, peer: Peer) => unknown,
  sinks: Sinks,
): Promise<[RetrieveOutcome, Peer]> {
  const services = [createStoreService({ begin: sinks.begin })];
  const { association, gone } = await openScripted(createMemoryTransport(), script, { services, timeout: 300 });
  const outcome = await association.get(query);
  await association.release();
  return [outcome, await gone];
}

test('a get answers each instance that comes on the same association', async () => {
  const sinks = slowSinks();
  const [outcome, { commands }] = await get(getPeer([100_000, 5, 10]), sinks);
  assert.deepEqual(sinks.log, ['stored 100000', 'stored 5', 'stored 10']);
  assert.deepEqual([outcome.status, outcome.completed], [Status.success, 3]);
  assert.deepEqual(
    commands.map((command) => [command.CommandField, command.MessageIDBeingRespondedTo, command.Status]),
    [
      [CommandField.cGet, undefined, undefined],
      [0x8001, 1, Status.success],
      [0x8001, 2, 0xa900],
      [0x8001, 3, Status.success],
    ],
  );
});

test('instances that come without waiting are answered one after the other, and before the get is done', async () => {
  const sinks = slowSinks();
  const [outcome] = await get(async (command, peer) => {
    if (command.CommandField !== CommandField.cGet) return;
    for (const id of [1, 2, 3]) await peer.send(storeOf(id), [new Uint8Array(1000 * id)]);
    await peer.respond(command, Status.success);
  }, sinks);
  assert.equal(outcome.status, Status.success);
  assert.deepEqual(sinks.log, ['stored 1000', 'stored 2000', 'stored 3000']);
});

test('a peer that goes away in the middle of an instance: its sink is told before the get fails', async () => {
  const sinks = slowSinks();
  const script = async (_command: CommandSet, peer: Peer): Promise<void> => {
    function* cutOff(): Generator<Uint8Array> {
      yield new Uint8Array(300_000);
      throw new Error('gone');
    }
    await peer.send(storeOf(1), cutOff()).catch(() => peer.connection.close());
  };
  await assert.rejects(get(script, sinks), { failure: 'closed' });
  assert.match(sinks.log.join(), /^aborted after \d+$/);
});

test('a peer that is silent in the middle of an instance', async () => {
  const sinks = slowSinks();
  await assert.rejects(
    get((command, peer) => command.CommandField === CommandField.cGet && peer.send(storeOf(1)), sinks),
    { failure: 'timeout' },
  );
  assert.deepEqual(sinks.log, ['aborted after 0']);
});

test('actions and event reports name the instance and give their status', async () => {
  const commitment = '1.2.840.10008.1.20.1';
  const instance = { contextId: 1, sopClassUid: commitment, sopInstanceUid: '1.2.840.10008.1.20.1.1' };
  const { association, gone } = await openScripted(createMemoryTransport(), (command, peer) =>
    peer.respond(command, Status.noSuchInstance, command.EventTypeID === 2 ? Uint8Array.of(1, 2) : undefined),
  );
  const information = [Uint8Array.of(1, 2)];
  assert.equal(await association.action({ ...instance, actionTypeId: 1, information }), Status.noSuchInstance);
  assert.equal(await association.eventReport({ ...instance, eventTypeId: 2 }), Status.noSuchInstance);
  await association.release();
  const [action, report] = (await gone).commands;
  assert.deepEqual(
    [action?.CommandField, action?.RequestedSOPClassUID, action?.RequestedSOPInstanceUID, action?.ActionTypeID],
    [CommandField.nAction, commitment, '1.2.840.10008.1.20.1.1', 1],
  );
  assert.deepEqual(
    [report?.CommandField, report?.AffectedSOPClassUID, report?.EventTypeID, report?.CommandDataSetType],
    [CommandField.nEventReport, commitment, 2, 0x0101],
  );
});
