// What the log tells of associations, and how much of it.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { ScpEvent } from '@pharos/dimse';
import { createEventLog } from './event-log.ts';

function keptLines() {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const log = { error: keep('error'), warn: keep('warn'), info: keep('info'), trace: keep('trace') };
  return { lines, log };
}

const dropped = (remoteAddress: string): ScpEvent => ({ kind: 'dropped', remoteAddress });

test('a peer that tries again and again gets some lines a minute, and then their number', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { lines, log } = keptLines();
    const observe = createEventLog(log, { linesAMinute: 3 });
    for (let n = 0; n < 500; n++) observe(dropped('10.0.0.1'));
    observe(dropped('10.0.0.2'));
    assert.equal(lines.length, 4);
    assert.match(lines[3] ?? '', /10\.0\.0\.2/, 'one peer takes no lines from another');
    mock.timers.tick(60_000);
    assert.deepEqual(lines.slice(4), ['error 497 more of the kind "dropped" from 10.0.0.1 within a minute']);
    observe(dropped('10.0.0.1'));
    assert.equal(lines.length, 6, 'the next minute begins anew');
  } finally {
    mock.timers.reset();
  }
});

test('peers that come from everywhere do not fill the log either', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { lines, log } = keptLines();
    const observe = createEventLog(log, { linesAMinute: 3 });
    for (let n = 0; n < 20_000; n++) observe(dropped(`10.0.${n >> 8}.${n & 255}`));
    assert.equal(lines.length, 1003);
    mock.timers.tick(60_000);
    assert.match(lines.at(-1) ?? '', /^error 18997 more of the kind "dropped" from many addresses/);
  } finally {
    mock.timers.reset();
  }
});
