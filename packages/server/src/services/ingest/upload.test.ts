// Uploaded bodies: DICOM, gzip and ZIP are told apart, taken within their limits, and refused clearly where they are broken.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { blobKeys, type IngestFixture, openIngest, syntheticInstance } from '@pharos/testkit';
import { storeUpload, type UploadContent } from './index.ts';

const instance = (number: number): Buffer =>
  Buffer.from(syntheticInstance({ kind: 'mr', patient: 0, study: 0, series: 0, instance: number }));

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function contentOf(source: AsyncIterable<Uint8Array>): UploadContent {
  return {
    stream: () => source,
    async pour(take) {
      for await (const chunk of source) await take(chunk);
    },
  };
}

/** @returns for each instance its status, in order; a lone status for what is no archive */
async function upload(fixture: IngestFixture, body: Buffer, isGzip = false, chunk = 65536): Promise<string | string[]> {
  const content = contentOf(inChunks(body, chunk));
  const outcome = await storeUpload(fixture, { content, origin: { origin: 'RestApi' }, isGzip });
  return outcome.kind === 'file' ? outcome.result.status : outcome.results.map(({ status }) => status);
}

async function withIngest(body: (fixture: IngestFixture) => Promise<void>): Promise<void> {
  const fixture = await openIngest({ settings: { MaximumFileSizeInArchiveMB: 1 } });
  try {
    await body(fixture);
  } finally {
    await fixture.discard();
  }
}

interface Member {
  readonly name: string;
  readonly content: Buffer;
  /** What the directory says, where it lies. */
  readonly claimedSize?: number;
}

/** A ZIP archive by hand: no library writes lies. */
function zip(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimedSize = content.length } of members) {
    const data = deflateRawSync(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(claimedSize, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), data]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place.subarray(0, 14), Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const isBadFile = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'BadFileFormat';

test('a DICOM file and the same within gzip are the same instance', () =>
  withIngest(async (fixture) => {
    assert.equal(await upload(fixture, instance(0)), 'Success');
    for (const chunk of [1000, 65536]) {
      assert.equal(await upload(fixture, gzipSync(instance(0)), true, chunk), 'AlreadyStored');
    }
    await assert.rejects(upload(fixture, gzipSync(instance(0))), isBadFile);
    await assert.rejects(upload(fixture, instance(0), true), isBadFile);
  }));

test('a ZIP gives its instances in order and passes over everything else', () =>
  withIngest(async (fixture) => {
    await upload(fixture, instance(3));
    const archive = zip([
      { name: 'deep/er/1', content: instance(1) },
      { name: 'folder/', content: Buffer.alloc(0) },
      { name: 'README.txt', content: Buffer.from('not DICOM') },
      { name: '../../etc/passwd', content: instance(2) },
      { name: 'noise', content: randomBytes(10_000) },
      { name: '3', content: instance(3) },
      ...Array.from({ length: 20 }, (_, n) => ({ name: `more${n}`, content: instance(10 + n) })),
    ]);
    const expected = ['Success', 'Success', 'AlreadyStored', ...Array.from({ length: 20 }, () => 'Success')];
    // As in Orthanc, an archive is an archive whatever the client says of its encoding.
    for (const [chunk, isGzip] of [
      [65536, false],
      [1, true],
    ] as const) {
      const small = chunk === 1 ? zip([{ name: 'a', content: instance(1) }]) : archive;
      assert.deepEqual(await upload(fixture, small, isGzip, chunk), chunk === 1 ? ['AlreadyStored'] : expected);
    }
    await fixture.blobs.close();
    assert.equal((await blobKeys(fixture.folder)).length, 23);
  }));

test('an archive without instances answers an empty list', () =>
  withIngest(async (fixture) => {
    assert.deepEqual(await upload(fixture, zip([{ name: 'a.txt', content: Buffer.from('text') }])), []);
  }));

test('broken archives are refused and leave nothing', () =>
  withIngest(async (fixture) => {
    const whole = zip([{ name: 'a', content: randomBytes(5000) }]);
    const corrupt = Buffer.from(whole);
    corrupt.fill(0xff, 60, 200);
    for (const body of [
      whole.subarray(0, 3000),
      Buffer.from('PK\x03\x04garbage', 'latin1'),
      Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), randomBytes(500)]),
      corrupt,
    ]) {
      await assert.rejects(upload(fixture, body), isBadFile);
    }
    await fixture.blobs.close();
    assert.deepEqual(await blobKeys(fixture.folder), []);
  }));

test('bombs are refused, whether they say their size or lie about it', () =>
  withIngest(async (fixture) => {
    const content = Buffer.concat([instance(0), Buffer.alloc(8 << 20)]);
    await assert.rejects(upload(fixture, gzipSync(content), true), isBadFile);
    await assert.rejects(upload(fixture, zip([{ name: 'a', content }])), isBadFile);
    await assert.rejects(upload(fixture, zip([{ name: 'a', content, claimedSize: 1000 }])), isBadFile);
  }));

test('gzip that ends early or is followed by noise is refused', () =>
  withIngest(async (fixture) => {
    const whole = gzipSync(instance(0));
    await assert.rejects(upload(fixture, whole.subarray(0, -100), true), isBadFile);
    await assert.rejects(upload(fixture, whole.subarray(0, 5), true), isBadFile);
  }));

test('a source that fails leaves nothing, and its error is told', () =>
  withIngest(async (fixture) => {
    for (const start of [
      instance(0).subarray(0, 100_000),
      zip([{ name: 'a', content: instance(0) }]).subarray(0, 5000),
    ]) {
      const source = (async function* () {
        yield start;
        throw new Error('the line went dead');
      })();
      await assert.rejects(
        storeUpload(fixture, { content: contentOf(source), origin: { origin: 'RestApi' }, isGzip: false }),
        /the line went dead/,
      );
    }
    await fixture.blobs.close();
    assert.deepEqual(await blobKeys(fixture.folder), []);
  }));
