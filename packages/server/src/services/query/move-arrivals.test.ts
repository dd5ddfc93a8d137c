// Which C-MOVE an instance that came by C-STORE belongs to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Origin, resourceIds } from '../../model/index.ts';
import { createIngestEvents } from '../ingest/index.ts';
import { createMoveArrivals } from './move-arrivals.ts';

const idsOf = (sopInstanceUid: string) =>
  resourceIds({ patientId: 'P', studyInstanceUid: '1', seriesInstanceUid: '1.1', sopInstanceUid });

function world() {
  const events = createIngestEvents();
  const arrivals = createMoveArrivals(events);
  const store = (uid: string, moveOriginator?: Origin['moveOriginator']): void => {
    const ids = idsOf(uid);
    for (const notify of events.onStored) {
      notify({
        origin: { origin: 'DicomProtocol', moveOriginator },
        result: { status: 'AlreadyStored', ids },
        outcome: { status: 'AlreadyStored' },
        metadata: {},
        view: undefined,
      });
    }
  };
  return { arrivals, store };
}

test('instances join the C-MOVE that the peer names, and no other', () => {
  const { arrivals, store } = world();
  const [first, second] = [arrivals.expect('PHAROS'), arrivals.expect('PHAROS')];
  assert.notEqual(first.messageId, second.messageId);
  store('1.1.1', { aet: 'pharos ', messageId: first.messageId });
  store('1.1.2', { aet: 'PHAROS', messageId: second.messageId });
  store('1.1.3', { aet: 'OTHER', messageId: first.messageId });
  store('1.1.4');
  assert.deepEqual(first.received, [idsOf('1.1.1').instance]);
  assert.deepEqual(second.received, [idsOf('1.1.2').instance]);
});

test('what comes after the end joins nothing, and the number is free again', () => {
  const { arrivals, store } = world();
  const kept = arrivals.expect('PHAROS');
  const ended = arrivals.expect('PHAROS');
  ended.end();
  store('1.1.1', { aet: 'PHAROS', messageId: ended.messageId });
  assert.deepEqual(ended.received, []);
  const seen = new Set<number>();
  for (let count = 0; count < 0xffff; count++) {
    const next = arrivals.expect('PHAROS');
    seen.add(next.messageId);
    next.end();
  }
  assert.ok(!seen.has(kept.messageId) && seen.has(ended.messageId));
  assert.ok(Math.min(...seen) >= 1 && Math.max(...seen) <= 0xffff);
});
