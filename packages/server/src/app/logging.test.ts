// Log lines: their levels, categories and forms.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, type LogOptions } from './logging.ts';

function record(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  return { lines, log: createLog({ level: 'default', readable: false, stream, ...options }) };
}

test('by default warnings and errors are logged, as lines of JSON', () => {
  const { lines, log } = record();
  log.of('http').info('hidden');
  log.of('http').warn('shown', { port: 80 });
  assert.equal(lines.length, 1);
  const { level, category, msg, port } = JSON.parse(lines[0] ?? '');
  assert.deepEqual([level, category, msg, port], ['warn', 'http', 'shown', 80]);
});

test('levels are set for all categories or for one', () => {
  const { lines, log } = record({ categories: { dicom: 'trace' } });
  log.of('dicom').trace('a');
  log.setLevel('verbose');
  log.of('dicom').trace('hidden');
  log.of('http').info('b');
  log.setLevel('default', 'http');
  log.of('http').info('hidden');
  assert.equal(lines.length, 2);
  assert.deepEqual([log.level('http'), log.level('dicom')], ['default', 'verbose']);
});

test('readable lines tell time, level, category, message, facts and the stack of an error', () => {
  const { lines, log } = record({ readable: true });
  log.of('generic').error('It broke', { id: 'x', error: new Error('why') });
  assert.match(lines[0] ?? '', /^\d{4}-\S+Z ERROR generic: It broke id=x\n {4}Error: why/);
});

test('what clients send cannot forge a readable line or command the terminal', () => {
  const { lines, log } = record({ readable: true });
  log.of('http').warn('A request was refused\nFAKE', { uri: '/a\n2026 ERROR \u001b[2J' });
  assert.match(lines[0] ?? '', /refused\\u000aFAKE uri=\/a\\u000a2026 ERROR \\u001b\[2J\n$/);
  assert.equal((lines[0] ?? '').split('\n').length, 2);
});
