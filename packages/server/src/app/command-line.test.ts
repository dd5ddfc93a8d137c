// What the command line means.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from './command-line.ts';

test('files run the server, options say how much is logged', () => {
  const line = parseCommandLine(['--verbose', '--trace-dicom', 'a.json', 'folder']);
  assert.deepEqual(
    [line.action, line.paths, line.level, line.categories],
    ['run', ['a.json', 'folder'], 'verbose', { dicom: 'trace' }],
  );
});

test('--config prints the default configuration, into a file where one is named', () => {
  assert.deepEqual(
    [parseCommandLine(['--config=']).action, parseCommandLine(['--config=']).target],
    ['print-configuration', undefined],
  );
  assert.equal(parseCommandLine(['--config=x.json']).target, 'x.json');
});

test("Orthanc's options without a meaning here are accepted", () => {
  assert.equal(parseCommandLine(['--upgrade', '--logs-no-thread']).action, 'run');
});

test('--no-jobs forgets the jobs of the last run', () => {
  assert.equal(parseCommandLine(['--no-jobs']).forgetsJobs, true);
  assert.equal(parseCommandLine([]).forgetsJobs, false);
});

test('an unknown option is refused by its name', () => {
  assert.throws(() => parseCommandLine(['--verbos']), /--verbos/);
});
