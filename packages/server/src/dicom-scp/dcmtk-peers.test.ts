// DCMTK's tools against the DICOM server over TCP: echo, and C-STORE in every transfer syntax that storescu can propose.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { createDataSet, type ElementInit, encodePart10, parsePart10, Tag } from '@pharos/dicom';
import { createDicomServerFixture, type DicomServerFixture, dcmtkMissing, runDcmtk } from '@pharos/testkit';
import { createDicomServer } from './index.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const prefix = '1.2.840.10008.1.2';
const explicitLittleEndian = `${prefix}.1`;
const explicitBigEndian = `${prefix}.2`;
const nativeSyntaxes = [explicitLittleEndian, explicitBigEndian];

/** Option of storescu, the syntax of the file, and the syntax that arrives. */
const proposals: readonly (readonly [string, string, string])[] = [
  ['-x=', explicitLittleEndian, explicitLittleEndian],
  ['-xe', explicitLittleEndian, explicitLittleEndian],
  ['-xb', explicitBigEndian, explicitBigEndian],
  ['-xi', explicitLittleEndian, prefix],
  ['-xd', explicitLittleEndian, `${explicitLittleEndian}.99`],
  ...[
    ['-xs', '4.70'],
    ['-xy', '4.50'],
    ['-xx', '4.51'],
    ['-xv', '4.90'],
    ['-xw', '4.91'],
    ['-xt', '4.80'],
    ['-xu', '4.81'],
    ['-xm', '4.100'],
    ['-xh', '4.101'],
    ['-xn', '4.102'],
    ['-xl', '4.103'],
    ['-x2', '4.104'],
    ['-x3', '4.105'],
    ['-xo', '4.106'],
    ['-x4', '4.107'],
    ['-x5', '4.108'],
    ['-xr', '5'],
  ].map(([option = '', suffix = '']): readonly [string, string, string] => [
    option,
    `${prefix}.${suffix}`,
    `${prefix}.${suffix}`,
  ]),
];

/** Looks compressed to whoever does not decode it, and is longer than several PDUs. */
const frame = Uint8Array.from({ length: 90_000 }, (_, index) => (index * 31) % 251);
const native = Uint8Array.from({ length: 300 * 300 }, (_, index) => (index * 17) % 253);

function file(sopInstanceUid: string, transferSyntax: string): Uint8Array {
  const isNative = nativeSyntaxes.includes(transferSyntax);
  const elements: ElementInit[] = [
    { tag: Tag.SOPClassUID, value: ct },
    { tag: Tag.SOPInstanceUID, value: sopInstanceUid },
    { tag: Tag.PatientID, value: 'TEST' },
    { tag: Tag.StudyInstanceUID, value: '2.25.1' },
    { tag: Tag.SeriesInstanceUID, value: '2.25.2' },
    { tag: Tag.SamplesPerPixel, value: 1 },
    { tag: Tag.PhotometricInterpretation, value: 'MONOCHROME2' },
    { tag: Tag.Rows, value: 300 },
    { tag: Tag.Columns, value: 300 },
    { tag: Tag.BitsAllocated, value: 8 },
    { tag: Tag.BitsStored, value: 8 },
    { tag: Tag.HighBit, value: 7 },
    { tag: Tag.PixelRepresentation, value: 0 },
    { tag: Tag.PixelData, vr: 'OB', value: isNative ? native : { fragments: [new Uint8Array(0), frame] } },
  ];
  return encodePart10({ dataSet: createDataSet(elements), transferSyntax });
}

interface World extends AsyncDisposable {
  readonly fixture: DicomServerFixture;
  readonly address: readonly [string, string];
  /** Writes an instance into a file and gives its path. */
  write(sopInstanceUid: string, transferSyntax: string): Promise<string>;
}

async function createWorld(options?: Parameters<typeof createDicomServerFixture>[0]): Promise<World> {
  const fixture = createDicomServerFixture(options);
  const server = createDicomServer(fixture.services, { port: 0, host: '127.0.0.1' });
  const { port } = await server.listen();
  const folder = await mkdtemp(join(tmpdir(), 'pharos-dcmtk-'));
  return {
    fixture,
    address: ['127.0.0.1', String(port)],
    async write(sopInstanceUid, transferSyntax) {
      const path = join(folder, `${sopInstanceUid}.dcm`);
      await writeFile(path, file(sopInstanceUid, transferSyntax));
      return path;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

test('echoscu, with and without many contexts', { skip: dcmtkMissing('echoscu') }, async () => {
  await using world = await createWorld();
  for (const options of [[], ['-pts', '35'], ['-ppc', '128'], ['--repeat', '5'], ['--abort']]) {
    const { code, output } = await runDcmtk('echoscu', [...options, ...world.address]);
    assert.equal(code, 0, `${options.join(' ')}: ${output}`);
  }
});

for (const [option, written, arrived] of proposals) {
  test(`storescu ${option}: an instance arrives in ${arrived}`, { skip: dcmtkMissing('storescu') }, async () => {
    await using world = await createWorld();
    const path = await world.write('2.25.10', written);
    const { code, output } = await runDcmtk('storescu', [option, '-R', ...world.address, path]);
    assert.equal(code, 0, output);
    const [instance] = world.fixture.received;
    assert.ok(instance);
    const parsed = parsePart10(instance.bytes, {
      stopAt: 'end',
      inflateRaw: (bytes, maxOutputLength) => inflateRawSync(bytes, { maxOutputLength }),
    });
    assert.equal(parsed.transferSyntax, arrived);
    assert.equal(parsed.dataSet.text(Tag.SOPInstanceUID), '2.25.10');
    const pixels = Buffer.from(nativeSyntaxes.includes(written) ? native : frame);
    const body = arrived.endsWith('.99') ? parsed.dataSet.bytes(Tag.PixelData) : instance.bytes;
    assert.ok(Buffer.from(body ?? []).includes(pixels));
    assert.deepEqual(instance.origin, {
      origin: 'DicomProtocol',
      remoteAet: 'STORESCU',
      remoteIp: '127.0.0.1',
      calledAet: 'ANY-SCP',
    });
  });
}

test('four storescu at a time, each with all its contexts and several instances', {
  skip: dcmtkMissing('storescu'),
}, async () => {
  await using world = await createWorld();
  const runs = ['a', 'b', 'c', 'd'].map(async (_, client) => {
    const paths = [];
    for (let index = 1; index <= 5; index++)
      paths.push(await world.write(`2.25.${client + 1}.${index}`, explicitLittleEndian));
    return runDcmtk('storescu', ['-aet', `CLIENT${client}`, '--max-send-pdu', '4096', ...world.address, ...paths]);
  });
  for (const { code, output } of await Promise.all(runs)) assert.equal(code, 0, output);
  assert.equal(world.fixture.received.length, 20);
});

test('storescu is told that its instance was not stored', { skip: dcmtkMissing('storescu') }, async () => {
  await using world = await createWorld({ store: () => Promise.reject(new Error('disk full')) });
  const path = await world.write('2.25.10', explicitLittleEndian);
  const { output } = await runDcmtk('storescu', ['-v', '-R', ...world.address, path]);
  assert.match(output, /Refused: OutOfResources|0xa700/i);
});

test('storescu that is not allowed to store is aborted', { skip: dcmtkMissing('storescu') }, async () => {
  await using world = await createWorld({ settings: { DicomAlwaysAllowStore: false } });
  const path = await world.write('2.25.10', explicitLittleEndian);
  const { code, output } = await runDcmtk('storescu', ['-v', '-R', ...world.address, path]);
  assert.notEqual(code, 0);
  assert.match(output, /Abort/i);
  assert.deepEqual(world.fixture.received, []);
});

test('a called title that is not ours is rejected where it is checked', { skip: dcmtkMissing('echoscu') }, async () => {
  await using world = await createWorld({ settings: { DicomCheckCalledAet: true } });
  const refused = await runDcmtk('echoscu', [...world.address]);
  assert.match(refused.output, /Called AE Title Not Recognized/);
  const accepted = await runDcmtk('echoscu', ['-aec', 'pharos', ...world.address]);
  assert.equal(accepted.code, 0, accepted.output);
});
