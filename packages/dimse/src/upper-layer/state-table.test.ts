// Table 9-10 of PS3.8, written down a second time by state, for every one of the 13 x 19 pairs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, type State, states, transitionOf } from './index.ts';

// Events 1 to 19 of each state; a dot is an event without meaning there.
const columns: Readonly<Record<State, string>> = {
  Sta1: 'AE-1 . . . AE-5 . . . . . . . . . . . . . .',
  Sta2: '. . AA-1 AA-1 . AE-6 . . . AA-1 . AA-1 AA-1 . . AA-2 AA-5 AA-2 AA-1',
  Sta3: '. . AA-8 AA-8 . AA-8 AE-7 AE-8 . AA-8 . AA-8 AA-8 . AA-1 AA-3 AA-4 . AA-8',
  Sta4: '. AE-2 . . . . . . . . . . . . AA-2 . AA-4 . .',
  Sta5: '. . AE-3 AE-4 . AA-8 . . . AA-8 . AA-8 AA-8 . AA-1 AA-3 AA-4 . AA-8',
  Sta6: '. . AA-8 AA-8 . AA-8 . . DT-1 DT-2 AR-1 AR-2 AA-8 . AA-1 AA-3 AA-4 . AA-8',
  Sta7: '. . AA-8 AA-8 . AA-8 . . . AR-6 . AR-8 AR-3 . AA-1 AA-3 AA-4 . AA-8',
  Sta8: '. . AA-8 AA-8 . AA-8 . . AR-7 AA-8 . AA-8 AA-8 AR-4 AA-1 AA-3 AA-4 . AA-8',
  Sta9: '. . AA-8 AA-8 . AA-8 . . . AA-8 . AA-8 AA-8 AR-9 AA-1 AA-3 AA-4 . AA-8',
  Sta10: '. . AA-8 AA-8 . AA-8 . . . AA-8 . AA-8 AR-10 . AA-1 AA-3 AA-4 . AA-8',
  Sta11: '. . AA-8 AA-8 . AA-8 . . . AA-8 . AA-8 AR-3 . AA-1 AA-3 AA-4 . AA-8',
  Sta12: '. . AA-8 AA-8 . AA-8 . . . AA-8 . AA-8 AA-8 AR-4 AA-1 AA-3 AA-4 . AA-8',
  Sta13: '. . AA-6 AA-6 . AA-7 . . . AA-6 . AA-6 AA-6 . . AA-2 AR-5 AA-2 AA-7',
};

/** What the actions do and the state after them (PS3.8 Tables 9-6 to 9-9). */
const actions: Readonly<Record<string, string>> = {
  'AE-1': 'connect > Sta4',
  'AE-2': 'send-associate-rq > Sta5',
  'AE-3': 'confirm-accept > Sta6',
  'AE-4': 'close-connection confirm-reject > Sta1',
  'AE-5': 'start-artim > Sta2',
  'AE-6': 'stop-artim indicate-associate > Sta3',
  'AE-7': 'send-associate-ac > Sta6',
  'AE-8': 'send-associate-rj start-artim > Sta13',
  'DT-1': 'send-data > Sta6',
  'DT-2': 'indicate-data > Sta6',
  'AR-1': 'send-release-rq > Sta7',
  'AR-2': 'indicate-release > Sta8',
  'AR-3': 'close-connection confirm-release > Sta1',
  'AR-4': 'send-release-rp start-artim > Sta13',
  'AR-5': 'stop-artim > Sta1',
  'AR-6': 'indicate-data > Sta7',
  'AR-7': 'send-data > Sta8',
  'AR-8': 'indicate-release > Sta10',
  'AR-9': 'send-release-rp > Sta11',
  'AR-10': 'confirm-release > Sta12',
  'AA-1': 'send-user-abort start-artim > Sta13',
  'AA-2': 'stop-artim close-connection > Sta1',
  'AA-3': 'close-connection indicate-abort > Sta1',
  'AA-4': 'indicate-provider-abort > Sta1',
  'AA-5': 'stop-artim > Sta1',
  'AA-6': ' > Sta13',
  'AA-7': 'send-provider-abort > Sta13',
  'AA-8': 'send-provider-abort start-artim indicate-provider-abort > Sta13',
};

const events: readonly Event[] = [
  'Evt1',
  'Evt2',
  'Evt3',
  'Evt4',
  'Evt5',
  'Evt6',
  'Evt7',
  'Evt8',
  'Evt9',
  'Evt10',
  'Evt11',
  'Evt12',
  'Evt13',
  'Evt14',
  'Evt15',
  'Evt16',
  'Evt17',
  'Evt18',
  'Evt19',
];
const facts = { isRequestor: false, isAcceptable: true };

for (const state of states) {
  test(`${state} answers every event as the standard says`, () => {
    const column = columns[state].split(' ');
    assert.equal(column.length, events.length);
    for (const [index, event] of events.entries()) {
      const transition = transitionOf(state, event, facts);
      assert.equal(transition?.action ?? '.', column[index], event);
      if (transition)
        assert.equal(`${transition.effects.join(' ')} > ${transition.next}`, actions[transition.action], event);
    }
  });
}

test('a request that the provider cannot serve is rejected at once', () => {
  const transition = transitionOf('Sta2', 'Evt6', { isRequestor: false, isAcceptable: false });
  assert.deepEqual(transition?.effects, ['stop-artim', 'send-associate-rj', 'start-artim']);
  assert.equal(transition?.next, 'Sta13');
});

test('after a release collision the requestor answers first', () => {
  assert.equal(transitionOf('Sta7', 'Evt12', { isRequestor: true, isAcceptable: true })?.next, 'Sta9');
  assert.equal(transitionOf('Sta7', 'Evt12', { isRequestor: false, isAcceptable: true })?.next, 'Sta10');
});
