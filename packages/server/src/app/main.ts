// The process around the server: arguments, environment, standard output, signals, exit code. Started by main.js.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const cache = fileURLToPath(new URL('../../../../node_modules/.cache/pharos', import.meta.url));

// File work runs on these threads; it has to be known before the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= '8';
// Worker threads read this variable; without it each of them would load the compiler that strips TypeScript, 16 MB.
process.env.NODE_COMPILE_CACHE ??= cache;
enableCompileCache(cache);
// The young generation of the heap stays as small as it begins, 1 MB, unless the command line gives it a size, as `npm start` does:
// under load it would grow to 64 MB, which gains nothing. (A largest size has no effect here: it is read before this runs.)
if (!process.execArgv.some((flag) => flag.includes('semi-space'))) setFlagsFromString('--semi-space-growth-factor=1');
// Collecting it by several threads would cost more in waking them than it gains.
setFlagsFromString('--no-parallel-scavenge');
// malloc of glibc gives the end of its heap back to the kernel as soon as 128 KB of it are free, and the next image faults the same
// pages in again: 80 faults, a third of the processor time of a CT image. Once a block of this size was freed, it keeps twice as much.
new ArrayBuffer(8 * 1024 * 1024).transfer(0);

const { run } = await import('./run.ts');
const { collectInQuietTimes } = await import('./quiet-collection.ts');

collectInQuietTimes();

// A disk that is full where the output goes, or a pipe that nobody reads any more, does not end the server: later lines are tried again.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

let ends = 0;

/** The second SIGTERM or SIGINT ends the process at once. */
function end(receive: (wish: 'end') => void): void {
  ends += 1;
  if (ends > 1) process.exit(1);
  receive('end');
}

process.exitCode = await run({
  args: process.argv.slice(2),
  environment: process.env,
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
  onSignal(receive) {
    process.on('SIGTERM', () => end(receive));
    process.on('SIGINT', () => end(receive));
    process.on('SIGHUP', () => receive('reload'));
  },
});
process.exit();
