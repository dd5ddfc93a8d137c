// The DICOM network as a client: against our own server in memory, against DCMTK over TCP, and against nobody.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import {
  createDataSet,
  type ElementInit,
  encodeDataSet,
  encodeFileMeta,
  encodePart10,
  parsePart10,
  Tag,
} from '@pharos/dicom';
import { createMemoryTransport, type Transport } from '@pharos/dimse';
import { createDicomServerFixture, type DicomServerFixtureOptions, dcmtkMissing, startDcmtk } from '@pharos/testkit';
import { createDicomServer } from '../dicom-scp/index.ts';
import type { ModalityNetwork, RemoteModality } from '../ports/index.ts';
import { createModalityNetwork } from './index.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const prefix = '1.2.840.10008.1.2';
const remote: RemoteModality = { aet: 'FAR', host: '127.0.0.1', port: 104, localAet: 'PHAROS', timeout: 5 };
const settings = {
  MaximumPduLength: 16384,
  DicomScuPreferredTransferSyntax: `${prefix}.1`,
  TranscodeDicomProtocol: true,
};

function network(transport?: Transport): ModalityNetwork {
  return createModalityNetwork({ settings, log: createDicomServerFixture().services.log, transport });
}

async function withServer(
  options: DicomServerFixtureOptions,
  run: (near: ModalityNetwork, received: readonly { readonly bytes: Uint8Array }[]) => Promise<void>,
): Promise<void> {
  const fixture = createDicomServerFixture(options);
  const transport = createMemoryTransport({ pieceLength: 5000 });
  const server = createDicomServer(fixture.services, { transport, port: 104 });
  await server.listen();
  await run(network(transport), fixture.received);
  await server.close();
}

const pixels = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 251);

function fileIn(transferSyntax: string, change: readonly ElementInit[] = []): Uint8Array {
  const isEncapsulated = transferSyntax.startsWith(`${prefix}.4`);
  const value = isEncapsulated ? { fragments: [new Uint8Array(0), pixels] } : pixels;
  const elements: readonly ElementInit[] = [
    { tag: Tag.SOPClassUID, value: ct },
    { tag: Tag.SOPInstanceUID, value: '2.25.10' },
    ...change,
    { tag: Tag.PixelData, vr: 'OB', value },
  ];
  return encodePart10({ dataSet: createDataSet(elements), transferSyntax, sourceAet: 'ORIGIN' });
}

/** A file as it comes from a disk: in chunks. */
async function* chunked(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function dataSetOf(file: Uint8Array): Uint8Array {
  const { meta } = parsePart10(file);
  return file.subarray(128 + 4 + 12 + (meta.number(0x00020000) ?? 0));
}

test('an echo that is answered', () => withServer({}, (near) => near.echo(remote)));

for (const length of [7, 100, 65536, 1_000_000]) {
  test(`a file in chunks of ${length} bytes arrives byte for byte but its meta header`, () =>
    withServer({}, async (near, received) => {
      const file = fileIn(`${prefix}.4.50`);
      const ids = await near.store(remote, chunked(file, length));
      assert.deepEqual(ids, { sopClassUid: ct, sopInstanceUid: '2.25.10' });
      const [instance] = received;
      assert.ok(instance);
      assert.ok(Buffer.from(dataSetOf(instance.bytes)).equals(dataSetOf(file)));
    }));
}

test('a deflated file arrives as it is', () =>
  withServer({}, async (near, received) => {
    const transferSyntax = `${prefix}.1.99`;
    const dataSet = createDataSet([
      { tag: Tag.SOPClassUID, value: ct },
      { tag: Tag.SOPInstanceUID, value: '2.25.10' },
    ]);
    const deflated = deflateRawSync(encodeDataSet(dataSet, `${prefix}.1`));
    const meta = encodeFileMeta({ sopClassUid: ct, sopInstanceUid: '2.25.10', transferSyntax });
    const ids = await near.store(remote, chunked(Buffer.concat([meta, deflated]), 100));
    assert.deepEqual(ids, { sopClassUid: ct, sopInstanceUid: '2.25.10' });
    assert.ok(
      Buffer.from(received[0]?.bytes ?? [])
        .subarray(-deflated.length)
        .equals(deflated),
    );
  }));

test('a status that says the instance was not stored', () =>
  withServer({ store: () => Promise.reject(new Error('full')) }, (near) =>
    assert.rejects(near.store(remote, chunked(fileIn(prefix), 65536)), {
      code: 'NetworkProtocol',
      details: 'C-STORE SCU to AET "FAR" has failed with DIMSE status 0xA700 (out of resources)',
    }),
  ));

test('a transfer syntax that the peer does not take', () =>
  withServer({ live: { isTransferSyntaxAccepted: (uid) => uid === prefix } }, (near) =>
    assert.rejects(near.store(remote, chunked(fileIn(`${prefix}.4.50`), 65536)), { code: 'NoPresentationContext' }),
  ));

test('a peer that rejects says so', () =>
  withServer({ settings: { DicomCheckCalledAet: true } }, (near) =>
    assert.rejects(near.echo(remote), {
      code: 'NetworkProtocol',
      details:
        'DicomAssociation - connecting to AET "FAR": Association rejected permanently: called AE title not recognized',
    }),
  ));

test('a peer that aborts says so', () =>
  withServer({ settings: { DicomAlwaysAllowEcho: false } }, (near) =>
    assert.rejects(near.echo(remote), { details: /^DicomAssociation - C-ECHO to AET "FAR": The peer aborted/ }),
  ));

test('nobody at the address', () =>
  assert.rejects(network().echo({ ...remote, port: 1 }), {
    details: /^DicomAssociation - connecting to AET "FAR": Cannot connect/,
  }));

test('what is no DICOM file is not sent, and its source is closed', async () => {
  let isClosed = false;
  async function* text(): AsyncGenerator<Uint8Array> {
    try {
      yield new TextEncoder().encode('{"not": "DICOM"}'.repeat(100));
    } finally {
      isClosed = true;
    }
  }
  await assert.rejects(network(createMemoryTransport()).store(remote, text()), { code: 'BadFileFormat' });
  assert.equal(isClosed, true);
});

test('storescp answers an echo and stores what is sent in every kind of syntax', {
  skip: dcmtkMissing('storescp'),
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-storescp-'));
  {
    await using peer = await startDcmtk('storescp', ['+xa', '+B', '-od', folder]);
    const there = { ...remote, port: peer.port };
    await network().echo(there);
    for (const transferSyntax of [prefix, `${prefix}.1`, `${prefix}.2`, `${prefix}.4.50`, `${prefix}.4.90`]) {
      const file = fileIn(transferSyntax);
      await network().store(there, chunked(file, 65536));
      const [name = ''] = await readdir(folder);
      const stored = new Uint8Array(await readFile(join(folder, name)));
      assert.ok(Buffer.from(dataSetOf(stored)).equals(dataSetOf(file)), transferSyntax);
      await rm(join(folder, name));
    }
  }
  await rm(folder, { recursive: true });
});
