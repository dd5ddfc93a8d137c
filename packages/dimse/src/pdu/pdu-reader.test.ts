// A stream of PDUs is read alike wherever the network cuts it, and nothing is read past a request to wait.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPduReader, encodePdu, type Malformed, type Pdu, type PduReader } from './index.ts';

const limits = { associateBytes: 1 << 19, dataBytes: 16384 };

interface Recorder {
  readonly reader: PduReader;
  /** Kinds of control PDUs, and presentation data values as `context:control:bytes`. */
  readonly seen: string[];
  readonly problems: Malformed[];
}

function createRecorder(wait: () => Promise<void> | undefined = () => undefined): Recorder {
  const seen: string[] = [];
  const problems: Malformed[] = [];
  let gathered: number[] = [];
  const reader = createPduReader(limits, {
    control: (pdu) => void seen.push(pdu.kind),
    data() {},
    piece(contextId, control, bytes, isEnd) {
      gathered.push(...bytes);
      if (isEnd) {
        seen.push(`${contextId}:${control}:${gathered.join()}`);
        gathered = [];
      }
      return wait();
    },
    malformed: (problem) => void problems.push(problem),
  });
  return { reader, seen, problems };
}

const stream: readonly Pdu[] = [
  {
    kind: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAet: 'ANY',
    callingAet: 'PEER',
    applicationContext: '1.2.840.10008.3.1.1.1',
    contexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
    user: { maximumPduLength: 16384, roles: [] },
  },
  {
    kind: 'P-DATA-TF',
    pdvs: [
      { contextId: 1, isCommand: true, isLast: true, bytes: Uint8Array.of(1, 2, 3) },
      { contextId: 3, isCommand: false, isLast: false, bytes: new Uint8Array(0) },
      { contextId: 3, isCommand: false, isLast: true, bytes: Uint8Array.of(4, 5) },
    ],
  },
  { kind: 'A-RELEASE-RQ' },
  { kind: 'A-ABORT', source: 0, reason: 0 },
];
const expected = ['A-ASSOCIATE-RQ', '1:3:1,2,3', '3:0:', '3:2:4,5', 'A-RELEASE-RQ', 'A-ABORT'];
const bytes = Uint8Array.from(stream.flatMap((pdu) => [...encodePdu(pdu)]));

test('a stream cut anywhere gives the same PDUs', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (lengths) => {
      const { reader, seen } = createRecorder();
      for (let at = 0, cut = 0; at < bytes.length; cut++) {
        const length = lengths[cut % lengths.length] ?? 1;
        reader.push(bytes.subarray(at, at + length));
        at += length;
      }
      assert.deepEqual(seen, expected);
    }),
  );
});

test('data are handed on as views of the chunk, not as copies', () => {
  const chunk = encodePdu({
    kind: 'P-DATA-TF',
    pdvs: [{ contextId: 1, isCommand: false, isLast: true, bytes: Uint8Array.of(1, 2, 3, 4) }],
  });
  const views: ArrayBufferLike[] = [];
  const reader = createPduReader(limits, {
    control() {},
    data() {},
    piece(_contextId, _control, piece) {
      views.push(piece.buffer);
      return undefined;
    },
    malformed() {},
  });
  reader.push(chunk);
  assert.deepEqual(views, [chunk.buffer]);
});

test('a receiver that asks to wait is given nothing until the rest is pushed', () => {
  const wait = Promise.resolve();
  const { reader, seen } = createRecorder(() => wait);
  let rest: Uint8Array | undefined = bytes;
  const seenAtEachWait: number[] = [];
  while (rest) {
    rest = reader.push(rest)?.rest;
    seenAtEachWait.push(seen.length);
  }
  assert.deepEqual(seenAtEachWait, [2, 3, 4, 6]);
  assert.deepEqual(seen, expected);
});

test('after something malformed nothing more is read', () => {
  const { reader, seen, problems } = createRecorder();
  reader.push(Uint8Array.of(9));
  reader.push(bytes);
  assert.equal(problems.length, 1);
  assert.deepEqual(seen, []);
});

test('a P-DATA-TF over the announced maximum is malformed', () => {
  const { reader, problems } = createRecorder();
  reader.push(Uint8Array.of(4, 0, 0, 0, 0x40, 1));
  assert.equal(problems.length, 1);
});
