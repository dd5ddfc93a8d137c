// PDUs survive a round trip, and bytes that are none are told apart from the beginning of one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPduReader, encodePdu, type Malformed, type Pdu, type Pdv } from './index.ts';

const limits = { associateBytes: 1 << 19, dataBytes: 131072 };

/** The first PDU in some bytes, read at once; what is wrong with them; or undefined where more are needed. */
function read(bytes: Uint8Array): Pdu | Malformed | undefined {
  const found: (Pdu | Malformed)[] = [];
  const pdvs: Pdv[] = [];
  let isData = false;
  const reader = createPduReader(limits, {
    control: (pdu) => void found.push(pdu),
    data() {
      isData = true;
    },
    piece(contextId, control, piece, isEnd) {
      if (isEnd) pdvs.push({ contextId, isCommand: (control & 1) !== 0, isLast: (control & 2) !== 0, bytes: piece });
      return undefined;
    },
    malformed: (problem) => void found.push(problem),
  });
  reader.push(bytes);
  const [first] = found;
  if (first || !isData) return first;
  const length = 6 + pdvs.reduce((sum, { bytes: value }) => sum + 6 + value.length, 0);
  return length === bytes.length ? { kind: 'P-DATA-TF', pdvs } : undefined;
}

const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

const uid = fc.stringMatching(/^[1-9][0-9.]{0,40}[0-9]$/);
const aet = fc.stringMatching(/^[A-Z][A-Z0-9_ ]{0,14}[A-Z0-9]$/);
const byte = fc.integer({ min: 0, max: 255 });
const ids = fc.uniqueArray(
  fc.integer({ min: 0, max: 127 }).map((index) => 2 * index + 1),
  { maxLength: 20 },
);
const user = plain({
  maximumPduLength: fc.integer({ min: 0, max: 0xffffffff }),
  implementationClassUid: uid,
  implementationVersionName: aet,
  roles: fc.array(plain({ sopClassUid: uid, scu: fc.boolean(), scp: fc.boolean() }), { maxLength: 4 }),
});
const head = {
  protocolVersion: fc.constant(1),
  calledAet: aet,
  callingAet: aet,
  applicationContext: uid,
  user,
};
const proposed = fc
  .tuple(ids, uid, fc.array(uid, { minLength: 1, maxLength: 4 }))
  .map(([list, abstractSyntax, transferSyntaxes]) => list.map((id) => ({ id, abstractSyntax, transferSyntaxes })));
const answered = fc
  .tuple(ids, fc.integer({ min: 0, max: 4 }), uid)
  .map(([list, result, transferSyntax]) => list.map((id) => ({ id, result, transferSyntax })));
const pdv = plain({
  contextId: byte,
  isCommand: fc.boolean(),
  isLast: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 50 }),
});
const pdu: fc.Arbitrary<Pdu> = fc.oneof(
  plain({ kind: fc.constant('A-ASSOCIATE-RQ' as const), ...head, contexts: proposed }),
  plain({ kind: fc.constant('A-ASSOCIATE-AC' as const), ...head, contexts: answered }),
  plain({ kind: fc.constant('A-ASSOCIATE-RJ' as const), result: byte, source: byte, reason: byte }),
  plain({ kind: fc.constant('P-DATA-TF' as const), pdvs: fc.array(pdv, { minLength: 1, maxLength: 4 }) }),
  plain({ kind: fc.constant('A-RELEASE-RQ' as const) }),
  plain({ kind: fc.constant('A-RELEASE-RP' as const) }),
  plain({ kind: fc.constant('A-ABORT' as const), source: byte, reason: byte }),
);

test('every PDU is read as it was written', () => {
  fc.assert(fc.property(pdu, (given) => assert.deepEqual(read(encodePdu(given)), given)));
});

test('the beginning of a PDU asks for more, wherever it is cut', () => {
  fc.assert(
    fc.property(pdu, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (given, part) => {
      const bytes = encodePdu(given);
      const cut = bytes.subarray(0, Math.floor(bytes.length * part));
      assert.equal(read(cut), undefined);
    }),
  );
});

test('any bytes at all are read without an exception', () => {
  const anything = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.uint8Array({ maxLength: 400 })).map(([type, body]) => {
    const length = body.length;
    return Uint8Array.of(type, 0, 0, 0, length >>> 8, length & 0xff, ...body);
  });
  fc.assert(fc.property(fc.oneof(anything, fc.uint8Array({ maxLength: 100 })), (bytes) => void read(bytes)));
});

test('a PDU with some bytes changed is read or refused, never an exception', () => {
  const changes = fc.array(fc.tuple(fc.nat(), byte), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(pdu, changes, (given, list) => {
      const bytes = encodePdu(given);
      for (const [at, value] of list) bytes[at % bytes.length] = value;
      read(bytes);
    }),
  );
});

const refusals: readonly [string, readonly number[]][] = [
  ['an unknown type', [8]],
  ['a type of zero', [0, 0, 0, 0, 0, 4]],
  ['text of another protocol', [...new TextEncoder().encode('GET / HTTP/1.1\r\n')]],
  ['a P-DATA-TF of 4 GiB', [4, 0, 0xff, 0xff, 0xff, 0xff]],
  ['an A-ASSOCIATE-RQ of 4 GiB', [1, 0, 0xff, 0xff, 0xff, 0xff]],
  ['an A-ABORT of the wrong length', [7, 0, 0, 0, 0, 5]],
  ['a P-DATA-TF without a value', [4, 0, 0, 0, 0, 0]],
  ['a presentation data value longer than its PDU', [4, 0, 0, 0, 0, 6, 0, 0, 0, 3, 1, 0]],
  ['a presentation data value of 4 GiB', [4, 0, 0, 0, 0, 6, 0xff, 0xff, 0xff, 0xff, 1, 0]],
  ['a presentation data value without its own header', [4, 0, 0, 0, 0, 6, 0, 0, 0, 1, 1, 0]],
];

for (const [what, bytes] of refusals) {
  test(`${what} is malformed`, () => {
    assert.equal(read(Uint8Array.from(bytes))?.kind, 'malformed');
  });
}

const request: Pdu = {
  kind: 'A-ASSOCIATE-RQ',
  protocolVersion: 1,
  calledAet: 'ANY',
  callingAet: 'PEER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [],
  user: { maximumPduLength: 16384, roles: [] },
};
const context = { abstractSyntax: '1.2', transferSyntaxes: ['1.2'] };

test('presentation contexts with an even or a repeated id are malformed', () => {
  assert.equal(read(encodePdu({ ...request, contexts: [{ id: 2, ...context }] }))?.kind, 'malformed');
  const twice = [1, 1].map((id) => ({ id, ...context }));
  assert.equal(read(encodePdu({ ...request, contexts: twice }))?.kind, 'malformed');
});

test('names of any length are read in a time that grows with them, not with their square', () => {
  const padded = `${' '.repeat(65_000)}x`;
  const contexts = [1, 3, 5].map((id) => ({ id, abstractSyntax: padded, transferSyntaxes: [] }));
  const bytes = encodePdu({ ...request, contexts });
  const began = performance.now();
  const pdu = read(bytes);
  assert.ok(performance.now() - began < 1000);
  assert.ok(pdu?.kind === 'A-ASSOCIATE-RQ');
  assert.deepEqual(pdu.contexts, contexts);
});
