// Many instances over one association: what is proposed, when it is negotiated anew, what happens where the peer refuses or goes away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, encodePart10, parsePart10, Tag } from '@pharos/dicom';
import {
  chooseFirstProposed,
  createMemoryTransport,
  createScpServer,
  createStoreService,
  type MoveOriginator,
  type ScpEvent,
} from '@pharos/dimse';
import { silentLog } from '@pharos/testkit';
import { PharosError } from '../model/index.ts';
import type { OutgoingInstance, RemoteModality, StoreSession } from '../ports/index.ts';
import { createModalityNetwork } from './index.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const mr = '1.2.840.10008.5.1.4.1.1.4';
const privateClass = '1.2.826.0.1.3680043.10.1530.99';
const prefix = '1.2.840.10008.1.2';
const remote: RemoteModality = { aet: 'FAR', host: '127.0.0.1', port: 104, localAet: 'PHAROS', timeout: 5 };
const settings = {
  MaximumPduLength: 16384,
  DicomScuPreferredTransferSyntax: `${prefix}.1`,
  TranscodeDicomProtocol: true,
};

interface Arrived {
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  readonly originator: MoveOriginator | undefined;
  readonly bytes: Uint8Array;
}

interface PeerOptions {
  readonly accepts?: (transferSyntax: string) => boolean;
  /** Status for an instance; throwing aborts the association. */
  readonly statusOf?: (arrived: Arrived) => number;
}

interface World {
  readonly session: StoreSession;
  readonly arrived: Arrived[];
  /** Kinds, in order. */
  events(): readonly string[];
}

class Broken extends Error {}

async function withPeer(
  { accepts = () => true, statusOf = () => 0 }: PeerOptions,
  run: (world: World) => Promise<void>,
  change: Partial<RemoteModality> = {},
): Promise<void> {
  const transport = createMemoryTransport({ pieceLength: 5000 });
  const arrived: Arrived[] = [];
  const events: ScpEvent[] = [];
  const service = createStoreService({
    begin: ({ command, context }) => {
      const chunks: Uint8Array[] = [];
      return {
        push: (chunk) => void chunks.push(Uint8Array.from(chunk)),
        abort: async () => {},
        async finish() {
          const { MoveOriginatorApplicationEntityTitle: aet, MoveOriginatorMessageID: messageId } = command;
          const one: Arrived = {
            sopInstanceUid: command.AffectedSOPInstanceUID ?? '',
            transferSyntax: context.transferSyntax,
            originator: aet !== undefined && messageId !== undefined ? { aet, messageId } : undefined,
            bytes: Buffer.concat(chunks),
          };
          const status = statusOf(one);
          arrived.push(one);
          return status;
        },
      };
    },
    statusOf(error) {
      throw error;
    },
  });
  const server = createScpServer({
    transport,
    implementation: { classUid: '1.2.3', versionName: 'FAR' },
    maximumPduLength: 16384,
    contextRules: () => [{ matches: () => true, choose: chooseFirstProposed(accepts), roles: 'default' }],
    admit: () => 'accepted',
    authorise: () => true,
    services: [service],
    inactivityTimeout: 0,
    observe: (event) => events.push(event),
  });
  await server.listen(104);
  const session = createModalityNetwork({ settings, log: silentLog, transport }).openStore({ ...remote, ...change });
  await run({ session, arrived, events: () => events.map(({ kind }) => kind) });
  await session.close();
  await server.close();
}

function instance(uid: string, sopClassUid = ct, transferSyntax = `${prefix}.1`): OutgoingInstance {
  const dataSet = createDataSet([
    { tag: Tag.SOPClassUID, value: sopClassUid },
    { tag: Tag.SOPInstanceUID, value: uid },
    { tag: Tag.Rows, value: 258 },
    { tag: Tag.PixelData, vr: 'OW', value: Uint8Array.from({ length: 20_000 }, (_, at) => at % 251) },
  ]);
  const file = encodePart10({ dataSet, transferSyntax });
  return {
    sopClassUid,
    sopInstanceUid: uid,
    transferSyntax,
    length: file.length,
    async *open() {
      for (let at = 0; at < file.length; at += 7000) yield file.subarray(at, at + 7000);
    },
  };
}

test('instances of several likely classes go over one association', () =>
  withPeer({}, async ({ session, arrived, events }) => {
    await session.store(instance('1.1'));
    await session.store(instance('1.2', mr), { aet: 'ASKER', messageId: 7 });
    await session.store(instance('1.3'));
    await session.close();
    assert.deepEqual(events(), ['accepted', 'released']);
    assert.deepEqual(
      arrived.map(({ sopInstanceUid, originator }) => [sopInstanceUid, originator?.aet, originator?.messageId]),
      [
        ['1.1', undefined, undefined],
        ['1.2', 'ASKER', 7],
        ['1.3', undefined, undefined],
      ],
    );
  }));

test('a class or syntax that was not proposed is negotiated, once', () =>
  withPeer({}, async ({ session, arrived, events }) => {
    await session.store(instance('1.1'));
    await session.store(instance('1.2', privateClass, `${prefix}.2`));
    await session.store(instance('1.3'));
    await session.store(instance('1.4', privateClass, `${prefix}.2`));
    await session.close();
    assert.deepEqual(events(), ['accepted', 'released', 'accepted', 'released']);
    assert.deepEqual(
      arrived.map(({ transferSyntax }) => transferSyntax),
      [`${prefix}.1`, `${prefix}.2`, `${prefix}.1`, `${prefix}.2`],
    );
  }));

test('where the peer takes another syntax without compression only, the data set is written in it', () =>
  withPeer({ accepts: (uid) => uid === prefix }, async ({ session, arrived }) => {
    await session.store(instance('1.1', ct, `${prefix}.2`));
    const [one] = arrived;
    assert.ok(one);
    assert.equal(one.transferSyntax, prefix);
    const file = Buffer.concat([encodePart10({ dataSet: createDataSet([]), transferSyntax: prefix }), one.bytes]);
    assert.equal(parsePart10(file).dataSet.number(Tag.Rows), 258);
    // Values of 16 bits are little endian now, the order of the pixels' bytes that was given at first.
    assert.deepEqual([...one.bytes.subarray(-20_000).subarray(0, 4)], [0, 1, 2, 3]);
  }));

for (const [what, syntax, change] of [
  ['compressed pixels', `${prefix}.4.50`, {}],
  ['a modality for which nothing is transcoded', `${prefix}.1`, { allowsTranscoding: false }],
] as const) {
  test(`${what}: a syntax that is refused is a clear error, and the next instance goes on`, () =>
    withPeer(
      { accepts: (uid) => uid === prefix },
      async ({ session, arrived }) => {
        const refused = { ...instance('1.1'), transferSyntax: syntax };
        await assert.rejects(session.store(refused), { code: 'NoPresentationContext', details: /1\.2\.840.*"FAR"/ });
        await session.store(instance('1.2', ct, prefix));
        assert.deepEqual(
          arrived.map(({ sopInstanceUid }) => sopInstanceUid),
          ['1.2'],
        );
      },
      change,
    ));
}

test('a status that is a failure is told, and the association goes on', () =>
  withPeer(
    { statusOf: ({ sopInstanceUid }) => (sopInstanceUid === '1.1' ? 0xa700 : 0xb006) },
    async ({ session, events }) => {
      await assert.rejects(session.store(instance('1.1')), {
        code: 'NetworkProtocol',
        payload: { type: 'Dimse', content: { DimseErrorStatus: 0xa700 } },
      });
      await session.store(instance('1.2'));
      await session.close();
      assert.deepEqual(events(), ['accepted', 'released']);
    },
  ));

test('a peer that ends the association in between gets another one; one that ends it at once does not', () => {
  let isHealthy = true;
  const broken = new Set(['1.2']);
  return withPeer(
    {
      statusOf({ sopInstanceUid }) {
        if (!isHealthy || broken.delete(sopInstanceUid)) throw new Broken('gone');
        return 0;
      },
    },
    async ({ session, arrived, events }) => {
      await session.store(instance('1.1'));
      await session.store(instance('1.2'));
      assert.deepEqual(
        arrived.map(({ sopInstanceUid }) => sopInstanceUid),
        ['1.1', '1.2'],
      );
      isHealthy = false;
      await assert.rejects(session.store(instance('1.3')), {
        code: 'NetworkProtocol',
        details: /^DicomAssociation - C-STORE to AET "FAR": /,
      });
      isHealthy = true;
      await session.store(instance('1.4'));
      assert.equal(events().filter((kind) => kind === 'accepted').length, 4);
    },
  );
});

/** A file that can be read up to there only. */
function damaged(uid: string, readable: number): OutgoingInstance {
  const whole = instance(uid);
  return {
    ...whole,
    async *open() {
      let length = 0;
      for await (const piece of whole.open()) {
        if (length >= readable) throw new PharosError('CorruptedFile');
        length += piece.length;
        yield piece;
      }
    },
  };
}

for (const [where, readable, associations] of [
  ['at its beginning fails alone', 0, 1],
  ['in the middle costs the association, not those that follow', 7000, 2],
] as const) {
  test(`a file that cannot be read ${where}`, () =>
    withPeer({}, async ({ session, arrived, events }) => {
      await assert.rejects(session.store(damaged('1.1', readable)), { code: 'CorruptedFile' });
      await session.store(instance('1.2'));
      await session.store(instance('1.3'));
      assert.deepEqual(
        arrived.map(({ sopInstanceUid }) => sopInstanceUid),
        ['1.2', '1.3'],
      );
      assert.equal(events().filter((kind) => kind === 'accepted').length, associations);
    }));
}

test('an aborted session fails what it is asked for', () =>
  withPeer({}, async ({ session }) => {
    await session.store(instance('1.1'));
    session.abort();
    await assert.rejects(session.store(instance('1.2')), { code: 'NetworkProtocol' });
  }));
