// The server and a client over a network in memory: echo, storage, the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssociationError } from '../operations/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import type { Request } from './index.ts';
import { createScpWorld, createSink, instance, kinds, type ScpWorld, type ScpWorldSetup } from './scp-world.ts';

const createWorld = (setup?: ScpWorldSetup): Promise<ScpWorld> =>
  createScpWorld(createMemoryTransport({ pieceLength: 1000 }), setup);

const implicit = '1.2.840.10008.1.2';

test('an echo is answered', async () => {
  const { open, server, events } = await createWorld();
  const association = await open();
  assert.equal(await association.echo(), 0);
  assert.equal(await association.echo(), 0);
  await association.release();
  await server.close();
  assert.deepEqual(kinds(events), ['accepted', 'released']);
});

test('a data set reaches the sink byte for byte, with the titles and the address of the peer', async () => {
  const received: number[] = [];
  let seen: Request | undefined;
  const { open, server } = await createWorld({
    begin(request) {
      seen = request;
      return createSink({ push: (chunk) => void received.push(...chunk) });
    },
  });
  const association = await open();
  const data = Array.from({ length: 100 }, (_, index) => new Uint8Array(index * 7).fill(index));
  assert.equal(await association.store({ ...instance, data, moveOriginator: { aet: 'MOVER', messageId: 9 } }), 0);
  assert.deepEqual(
    received,
    data.flatMap((chunk) => [...chunk]),
  );
  assert.deepEqual([seen?.association.callingAet, seen?.association.remoteAddress], ['PEER', '127.0.0.1']);
  assert.equal(seen?.context.transferSyntax, implicit);
  assert.equal(seen?.command.MoveOriginatorMessageID, 9);
  await association.release();
  await server.close();
});

test('nothing is pushed while the sink asks to wait', async () => {
  let waiting = false;
  let pushes = 0;
  const { open, server } = await createWorld({
    begin: () =>
      createSink({
        push() {
          assert.equal(waiting, false);
          waiting = true;
          pushes += 1;
          return new Promise((resolve) =>
            setImmediate(() => {
              waiting = false;
              resolve();
            }),
          );
        },
        async finish() {
          assert.equal(waiting, false);
          return 0;
        },
      }),
  });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(100_000)] }), 0);
  assert.ok(pushes > 50);
  await association.release();
  await server.close();
});

test('the status of the sink is the status of the response', async () => {
  const { open, server } = await createWorld({ begin: () => createSink({ finish: async () => 0xa900 }) });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(10)] }), 0xa900);
  await association.release();
  await server.close();
});

test('a sink that fails half way is aborted and the association goes on', async () => {
  let aborted = 0;
  let isBroken = true;
  const failing = createSink({
    push: async () => {
      if (isBroken) throw new Error('full');
    },
    async abort() {
      aborted += 1;
    },
  });
  const { open, server } = await createWorld({ begin: () => failing });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(50_000)] }), 0xa700);
  assert.equal(aborted, 1);
  isBroken = false;
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(50_000)] }), 0);
  await association.release();
  await server.close();
});

test('where an instance cannot begin, its data set is dropped and the status is out of resources', async () => {
  const { open, server } = await createWorld({
    begin() {
      throw new Error('no');
    },
  });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(50_000)] }), 0xa700);
  assert.equal(await association.echo(), 0);
  await association.release();
  await server.close();
});

test('a peer that goes away inside a data set leaves nothing behind', async () => {
  const aborted = Promise.withResolvers<void>();
  const { open, server } = await createWorld({ begin: () => createSink({ abort: async () => aborted.resolve() }) });
  const association = await open();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(600_000);
    throw new Error('the file ends here');
  }
  await assert.rejects(association.store({ ...instance, data: broken() }), /the file ends here/);
  await aborted.promise;
  await assert.rejects(association.echo(), AssociationError);
  await server.close();
});

test('an association does not wait for another', async () => {
  const slow = Promise.withResolvers<number>();
  const { open, server } = await createWorld({
    begin: ({ association }) =>
      createSink({ finish: async () => (association.callingAet === 'SLOW' ? slow.promise : 0) }),
  });
  const [first, second] = await Promise.all([open('SLOW'), open('FAST')]);
  const stored = first.store({ ...instance, data: [new Uint8Array(10)] });
  assert.equal(await second.store({ ...instance, data: [new Uint8Array(10)] }), 0);
  slow.resolve(0xb000);
  assert.equal(await stored, 0xb000);
  await Promise.all([first.release(), second.release()]);
  await server.close();
});

test('closing finishes what is being stored and lets nobody in', async () => {
  const storing = Promise.withResolvers<number>();
  const begun = Promise.withResolvers<void>();
  const { open, server } = await createWorld({
    begin: () =>
      createSink({
        finish() {
          begun.resolve();
          return storing.promise;
        },
      }),
  });
  const [busy, idle] = await Promise.all([open(), open()]);
  const stored = busy.store({ ...instance, data: [new Uint8Array(10)] });
  await begun.promise;
  const closed = server.close();
  await assert.rejects(open(), { failure: 'connect' });
  storing.resolve(0);
  assert.equal(await stored, 0);
  await closed;
  await assert.rejects(idle.echo(), AssociationError);
});
