// Data sets that are at hand as a whole, some of them in memory that others will use again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMessageWriter, type LentData, leaveData, storeRequest } from './index.ts';

const store = storeRequest({ messageId: 1, sopClassUid: '1.2', sopInstanceUid: '1.2.3' });
const headersLength = 12;
const mebibyte = 1 << 20;

/** The data in PDUs that each hold one fragment, without the command. */
function dataIn(pdus: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < pdus.length; ) {
    const length = pdus.readUInt32BE(at + 2) + 6;
    if (((pdus[at + 11] ?? 0) & 1) === 0) parts.push(pdus.subarray(at + headersLength, at + length));
    at += length;
  }
  return Buffer.concat(parts);
}

function lent(length: number): { readonly data: LentData; returned(): number } {
  const memory = Buffer.alloc(length, 1);
  let returned = 0;
  const data = {
    pieces: [memory.subarray(0, length >> 1), memory.subarray(length >> 1)],
    giveBack() {
      returned += 1;
      memory.fill(2);
    },
  };
  return { data, returned: () => returned };
}

test('data in any pieces, for any peer, come out as they went in, in one write', async () => {
  const sizes = fc.array(fc.oneof(fc.nat(50), fc.integer({ min: 30_000, max: 70_000 })), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.constantFrom(0, 16384, 65536, 131072), async (lengths, peerMaximum) => {
      const pieces = lengths.map((length, index) => Buffer.alloc(length, index + 1));
      const writes: Buffer[] = [];
      const writer = createMessageWriter({ peerMaximum, send: (chunks) => void writes.push(Buffer.concat(chunks)) });
      await writer.send(1, store, pieces);
      assert.equal(writes.length, 1);
      assert.ok(dataIn(Buffer.concat(writes)).equals(Buffer.concat(pieces)));
    }),
    { numRuns: 100 },
  );
});

for (const length of [1000, mebibyte]) {
  test(`${length} bytes that are lent are given back once the network has them, and not before`, async () => {
    const { data, returned } = lent(length);
    let taken: () => void = () => {};
    const written: (readonly Uint8Array[])[] = [];
    const writer = createMessageWriter({
      peerMaximum: 0,
      send(chunks) {
        written.push(chunks);
        return new Promise<void>((resolve) => {
          taken = resolve;
        });
      },
    });
    const sent = writer.send(1, store, data);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    assert.equal(returned(), 0);
    assert.ok(dataIn(Buffer.concat(written.flat())).equals(Buffer.alloc(length, 1)));
    taken();
    await sent;
    assert.equal(returned(), 1);
  });
}

test("few bytes that are lent are the network's own, which may keep them for a while", async () => {
  const written: (readonly Uint8Array[])[] = [];
  const writer = createMessageWriter({ peerMaximum: 0, send: (chunks) => void written.push(chunks) });
  await writer.send(1, store, lent(1000).data);
  assert.ok(dataIn(Buffer.concat(written.flat())).equals(Buffer.alloc(1000, 1)));
});

test('what is lent is given back where it cannot be sent', async () => {
  const { data, returned } = lent(mebibyte);
  const writer = createMessageWriter({ peerMaximum: 0, send: () => false });
  await assert.rejects(writer.send(1, store, data));
  assert.equal(returned(), 1);
});

test('a stream that nobody will send is left', async () => {
  const left = Promise.withResolvers<void>();
  const data: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => data,
    next: async () => ({ done: false, value: Buffer.alloc(1) }),
    async return() {
      left.resolve();
      return { done: true, value: undefined };
    },
  };
  leaveData(data);
  await left.promise;
});
