// Chunks whose memory is used again once they were taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDataFragmenter } from './fragments.ts';

const headersLength = 12;
/** Short and long ones are put together in different ways. */
const fragmentLengths = [100, 1000, 1024, 5000];

/** The data in PDUs that each hold one fragment. */
function dataIn(pdus: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < pdus.length; ) {
    const length = pdus.readUInt32BE(at + 2) + 6;
    parts.push(pdus.subarray(at + headersLength, at + length));
    at += length;
  }
  return Buffer.concat(parts);
}

test('what was taken does not change when the memory of the chunks does', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 60_000, max: 140_000 })), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(sizes, fc.constantFrom(...fragmentLengths), (lengths, fragmentLength) => {
      const fragmenter = createDataFragmenter(1, fragmentLength, new Uint8Array(0));
      const memory = Buffer.alloc(140_000);
      const sent: Buffer[] = [];
      const given: Buffer[] = [];
      for (const [index, length] of lengths.entries()) {
        memory.fill(index + 1);
        given.push(Buffer.alloc(length, index + 1));
        const batch = fragmenter.push(memory.subarray(0, length));
        // As the network does before it asks for more.
        for (const piece of batch ?? []) sent.push(Buffer.from(piece));
      }
      memory.fill(0);
      for (const piece of fragmenter.finish()) sent.push(Buffer.from(piece));
      assert.ok(dataIn(Buffer.concat(sent)).equals(Buffer.concat(given)));
    }),
    { numRuns: 50 },
  );
});
