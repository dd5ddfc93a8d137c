// `npm test`: types, lint and format, layers, then every test; the last line counts. Arguments are patterns of test files.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const executables = join(root, 'node_modules', '.bin');
const patterns = process.argv.slice(2);

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** One external check; counts as one test. */
function check(name: string, args: readonly string[], counts: Counts): void {
  const started = performance.now();
  const { status, error } = spawnSync(join(executables, name), args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${executables}${delimiter}${process.env.PATH ?? ''}` },
  });
  const passed = status === 0;
  if (passed) counts.passed += 1;
  else counts.failed += 1;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? '✔' : '✖'} ${name} ${args.join(' ')} (${seconds} s)${error ? `: ${error.message}` : ''}`);
}

function testFiles(): readonly string[] {
  const chosen =
    patterns.length > 0
      ? patterns
      : ['scripts/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts'];
  return globSync(chosen, { cwd: root, exclude: ['**/node_modules/**'] }).sort();
}

/** Runs the files and counts their tests; a suite is not a test. */
async function runTests(files: readonly string[], counts: Counts): Promise<void> {
  const concurrency = Math.min(2, availableParallelism());
  const stream = run({ files: files.map((file) => join(root, file)), concurrency, timeout: 600_000 });
  stream.on('test:pass', ({ details, skip, todo }) => {
    if (details.type === 'suite') return;
    if (skip !== undefined || todo !== undefined) counts.skipped += 1;
    else counts.passed += 1;
  });
  stream.on('test:fail', ({ details, todo }) => {
    if (details.type === 'suite') return;
    if (todo !== undefined) counts.skipped += 1;
    else counts.failed += 1;
  });
  const reporter = stream.compose(spec);
  for await (const text of reporter) process.stdout.write(text);
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
if (patterns.length === 0) {
  check('tsc', ['--noEmit'], counts);
  check('biome', ['check', '--error-on-warnings', '.'], counts);
}
const files = testFiles();
if (files.length === 0) {
  console.log('No test file was found.');
  counts.failed += 1;
} else {
  await runTests(files, counts);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
