// How a retrieval tells of its progress, and that it does not outlive what it reads from.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CommandField, type CommandSet, type Request, Status } from '@pharos/dimse';
import { type OrthancId, resourceIds } from '../model/index.ts';
import type { OutgoingInstance } from '../ports/index.ts';
import { InstanceReplaced } from '../services/selection/index.ts';
import { runSubOperations, type SentAs } from './sub-operations.ts';

const command: CommandSet = { CommandField: CommandField.cMove, MessageID: 1 };
const context = { id: 1, abstractSyntax: '1.2', transferSyntax: '1.2.840.10008.1.2' };
const peer = { callingAet: 'A', calledAet: 'B', remoteAddress: '', contexts: new Map() };

function idOf(number: number): OrthancId {
  const uid = `1.${number}`;
  return resourceIds({ patientId: '', studyInstanceUid: uid, seriesInstanceUid: uid, sopInstanceUid: uid }).instance;
}

const instance = (number: number): OutgoingInstance => ({
  sopClassUid: '1.2',
  sopInstanceUid: `1.2.${number}`,
  transferSyntax: context.transferSyntax,
  length: 0,
  async *open() {},
});

interface Run {
  readonly responses: readonly CommandSet[];
  readonly isClosed: boolean;
  readonly error: unknown;
}

/** Sends so many instances, each of which takes so long. */
async function run(
  t: TestContext,
  count: number,
  milliseconds: number,
  send: (number: number) => SentAs = () => 'completed',
  told: (response: CommandSet) => void = () => {},
): Promise<Run> {
  let time = 1000;
  t.mock.method(performance, 'now', () => time);
  const responses: CommandSet[] = [];
  const request: Request = {
    association: { ...peer, peer: { maximumPduLength: 0, roles: [] } },
    context,
    command,
    isCancelled: () => false,
    async respond(response) {
      told(response);
      responses.push(response);
    },
  };
  const instances = Array.from({ length: count }, (_, number) => idOf(number));
  let isClosed = false;
  const error = await runSubOperations({
    request,
    instances,
    outgoing: {
      find: async (id) => instance(instances.indexOf(id)),
      close() {
        isClosed = true;
      },
    },
    async send(_instance, id) {
      time += milliseconds;
      return send(instances.indexOf(id));
    },
    failed: () => 'lost',
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { responses, isClosed, error };
}

const isPending = ({ Status: status }: CommandSet): boolean => status === Status.pending;

test('of instances that take their time each is told', async (t) => {
  const { responses, isClosed } = await run(t, 10, 20);
  const remaining = responses.filter(isPending).map((response) => response.NumberOfRemainingSuboperations);
  assert.deepEqual(remaining, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
  assert.ok(isClosed);
});

test('of many in a short time some are told, with all that were sent before', async (t) => {
  const { responses } = await run(t, 1000, 1);
  const pending = responses.filter(isPending);
  assert.ok(pending.length >= 50 && pending.length <= 100, `${pending.length} responses`);
  for (const { NumberOfRemainingSuboperations: left = 0, NumberOfCompletedSuboperations: done = 0 } of pending) {
    assert.equal(left + done, 1000);
  }
  const final = responses.at(-1);
  assert.deepEqual([final?.Status, final?.NumberOfCompletedSuboperations], [Status.success, 1000]);
});

test('nothing is sent after the peer is lost', async (t) => {
  const { responses, isClosed } = await run(t, 10, 1, (number) => {
    if (number === 3) throw new Error('gone');
    return 'completed';
  });
  const final = responses.at(-1);
  assert.deepEqual([final?.NumberOfCompletedSuboperations, final?.NumberOfFailedSuboperations], [3, 7]);
  assert.ok(isClosed);
});

test('what was replaced by another one since it was looked up is looked up again, once', async (t) => {
  let sent = 0;
  const { responses } = await run(t, 4, 1, (number) => {
    sent += 1;
    if (number === 2 && sent === 3) throw new InstanceReplaced(idOf(number));
    return 'completed';
  });
  const final = responses.at(-1);
  assert.deepEqual([final?.Status, final?.NumberOfCompletedSuboperations, sent], [Status.success, 4, 5]);
});

test('a peer that cannot be told of the progress leaves nothing open', async (t) => {
  const gone = new Error('The association is over');
  const { isClosed, error } = await run(
    t,
    10,
    20,
    () => 'completed',
    () => {
      throw gone;
    },
  );
  assert.equal(error, gone);
  assert.ok(isClosed);
});
