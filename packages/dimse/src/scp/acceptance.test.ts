// Whether an association is accepted, and which of several reasons to reject it counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssociateRq } from '../pdu/index.ts';
import { type Acceptance, type Admission, judgeRequest } from './index.ts';

const request: AssociateRq = {
  kind: 'A-ASSOCIATE-RQ',
  protocolVersion: 1,
  calledAet: 'PHAROS',
  callingAet: 'PEER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [{ id: 1, abstractSyntax: '1.2.3', transferSyntaxes: ['1.2.840.10008.1.2'] }],
  user: { maximumPduLength: 32768, roles: [] },
};

function judge(change: Partial<AssociateRq>, admission: Admission = 'accepted'): Acceptance {
  return judgeRequest({ ...request, ...change }, '10.0.0.1', {
    implementation: { classUid: '2.25.9', versionName: 'TEST' },
    maximumPduLength: 16384,
    contextRules: () => [],
    admit: () => admission,
  });
}

function reasonOf(acceptance: Acceptance): readonly number[] | undefined {
  if (acceptance.verdict !== 'reject') return undefined;
  const { result, source, reason } = acceptance.answer;
  return [result, source, reason];
}

test('an association without any accepted context is accepted', () => {
  const acceptance = judge({});
  assert.equal(acceptance.verdict, 'accept');
  if (acceptance.verdict !== 'accept') return;
  assert.equal(acceptance.association.contexts.size, 0);
  assert.deepEqual(
    acceptance.answer.contexts.map(({ result }) => result),
    [3],
  );
  assert.deepEqual(acceptance.answer.user, {
    maximumPduLength: 16384,
    implementationClassUid: '2.25.9',
    implementationVersionName: 'TEST',
    roles: [],
  });
});

for (const callingAet of ['', '    ', 'A\\B', 'A\nB', '\u001bA', 'A\u007f']) {
  test(`a calling title ${JSON.stringify(callingAet)} is worth no answer`, () => {
    assert.equal(judge({ callingAet }).verdict, 'drop');
  });
}

test('spaces around the calling title mean nothing', () => {
  const acceptance = judge({ callingAet: '  PEER ' });
  assert.equal(acceptance.verdict === 'accept' && acceptance.association.callingAet, 'PEER');
});

test('the answer repeats both titles as they came', () => {
  const acceptance = judge({ calledAet: ' ANY-SCP', callingAet: '  PEER' });
  if (acceptance.verdict !== 'accept') assert.fail();
  assert.deepEqual([acceptance.answer.calledAet, acceptance.answer.callingAet], [' ANY-SCP', '  PEER']);
  assert.deepEqual([acceptance.association.calledAet, acceptance.association.callingAet], ['ANY-SCP', 'PEER']);
});

test('another application context is rejected', () => {
  assert.deepEqual(reasonOf(judge({ applicationContext: '1.2.3' })), [1, 1, 2]);
});

test('an unknown called title and an unknown calling title are rejected each with its reason', () => {
  assert.deepEqual(reasonOf(judge({}, 'called-aet-not-recognised')), [1, 1, 7]);
  assert.deepEqual(reasonOf(judge({}, 'calling-aet-not-recognised')), [1, 1, 3]);
});

test('the application context counts before the titles', () => {
  assert.deepEqual(reasonOf(judge({ applicationContext: '' }, 'called-aet-not-recognised')), [1, 1, 2]);
});
