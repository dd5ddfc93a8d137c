// Hostile uploads: a clear error or success, bounded memory, and the server goes on.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';

const memoryLimitMb = 512;
const uploadMegabytes = Number(process.env.PHAROS_UPLOAD_MB ?? 128);

let server: ServerProcess;
before(async () => {
  server = await startServer({ configuration: { MaximumFileSizeInArchiveMB: 64 } });
});
after(() => server.discard());

async function upload(
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}/instances`, { method: 'POST', body: Buffer.from(body), headers });
  return { status: response.status, text: await response.text() };
}

async function assertAlive(): Promise<void> {
  const response = await fetch(`${server.url}/system`);
  assert.equal(response.status, 200);
  await response.arrayBuffer();
  const { peak } = await server.memory();
  if (!Number.isNaN(peak)) assert.ok(peak < memoryLimitMb, `peak memory is ${peak} MB`);
}

const header = Buffer.from(syntheticInstance({ kind: 'header', patient: 1, study: 0, series: 0, instance: 0 }));

/** An explicit little-endian element; undefined length where no value is given. */
function element(group: number, number: number, vr: string, length: number, value = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt32LE(length, 8);
  return Buffer.concat([head, value]);
}

test('an instance cut anywhere is refused or stored, never a server error', async () => {
  for (let length = 0; length < header.length; length += 37) {
    const { status } = await upload(header.subarray(0, length));
    assert.ok(status === 200 || status === 400 || status === 404, `cut at ${length}: status ${status}`);
  }
  await assertAlive();
});

test('random bytes are refused as not DICOM', async () => {
  for (const size of [1, 100, 5000, 300_000]) assert.equal((await upload(randomBytes(size))).status, 400);
  await assertAlive();
});

test('a length of 4 GB in the header is refused without memory for it', async () => {
  const { status } = await upload(Buffer.concat([header, element(0x0099, 0x1000, 'OB', 0xfffffff0)]));
  assert.ok(status === 200 || status === 400, `status ${status}`);
  await assertAlive();
});

test('100,000 nested sequences are refused or stored', async () => {
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]);
  const level = Buffer.concat([element(0x0099, 0x1001, 'SQ', 0xffffffff), item]);
  const { status } = await upload(Buffer.concat([header, ...Array.from({ length: 100_000 }, () => level)]));
  assert.ok(status === 200 || status === 400, `status ${status}`);
  await assertAlive();
});

test('a gzip bomb is refused', async () => {
  const bomb = gzipSync(Buffer.concat([header, element(0x7fe0, 0x0010, 'OW', 256 << 20, Buffer.alloc(256 << 20))]));
  const { status, text } = await upload(bomb, { 'Content-Encoding': 'gzip' });
  assert.ok(status >= 400 && status < 600, `status ${status} ${text}`);
  await assertAlive();
});

/** A ZIP with one deflated member, by hand: no library writes lies. */
function zipOf(name: string, content: Buffer, claimedSize: number): Buffer {
  const data = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(claimedSize, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(claimedSize, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}

test('a ZIP bomb is refused, whether it says its size or lies about it', async () => {
  const content = Buffer.concat([header, element(0x7fe0, 0x0010, 'OW', 256 << 20, Buffer.alloc(256 << 20))]);
  for (const claimed of [content.length, 1000]) {
    const { status } = await upload(zipOf('bomb.dcm', content, claimed));
    assert.ok(status >= 400 && status < 600, `status ${status} where ${claimed} bytes are claimed`);
  }
  await assertAlive();
});

/** Sends a body of `megabytes` made on the way: the client holds none of it. */
function uploadLarge(number: number, megabytes: number): Promise<number> {
  const start = Buffer.concat([
    syntheticInstance({ kind: 'header', patient: 2, study: 0, series: 0, instance: number }),
    element(0x7fe0, 0x0010, 'OW', megabytes << 20),
  ]);
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}/instances`, {
      method: 'POST',
      headers: { 'Content-Length': String(start.length + (megabytes << 20)) },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.write(start);
    const block = Buffer.alloc(1 << 20, number + 1);
    let left = megabytes;
    const more = (): void => {
      while (left > 0) {
        left--;
        if (!sent.write(block)) {
          sent.once('drain', more);
          return;
        }
      }
      sent.end();
    };
    more();
  });
}

test(`10 parallel uploads of ${uploadMegabytes} MB are stored within the memory bound`, async () => {
  const statuses = await Promise.all(Array.from({ length: 10 }, (_, n) => uploadLarge(n, uploadMegabytes)));
  assert.deepEqual(
    statuses,
    Array.from({ length: 10 }, () => 200),
  );
  await assertAlive();
});

test('after all that, an ordinary instance is stored and comes back as it was', async () => {
  const body = syntheticInstance({ kind: 'mr', patient: 3, study: 0, series: 0, instance: 0 });
  const { status, text } = await upload(body);
  assert.equal(status, 200);
  const answer: unknown = JSON.parse(text);
  assert.ok(typeof answer === 'object' && answer !== null && 'ID' in answer);
  const file = await fetch(`${server.url}/instances/${String(answer.ID)}/file`);
  assert.ok(Buffer.from(body).equals(Buffer.from(await file.arrayBuffer())));
});
