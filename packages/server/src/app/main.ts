// The process around the server: arguments, environment, standard output, signals, exit code. Started by main.js.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// File work runs on these threads; it has to be known before the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= '8';
enableCompileCache(fileURLToPath(new URL('../../../../node_modules/.cache/pharos', import.meta.url)));

const { run } = await import('./run.ts');

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
  started: flushCompileCache,
  onSignal(receive) {
    process.on('SIGTERM', () => end(receive));
    process.on('SIGINT', () => end(receive));
    process.on('SIGHUP', () => receive('restart'));
  },
});
process.exit();
