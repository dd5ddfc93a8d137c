// The program. It prepares the process before anything else is loaded: a cache of compiled code makes the next starts quick.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// File work runs on these threads; it has to be known before the first of them starts.
process.env.UV_THREADPOOL_SIZE ??= '8';
enableCompileCache(fileURLToPath(new URL('../../../../node_modules/.cache/pharos', import.meta.url)));

const { run } = await import('./run.ts');

let signals = 0;

/** The second SIGTERM or SIGINT ends the process at once. */
function onEnd(receive: () => void): void {
  signals += 1;
  if (signals > 1) process.exit(1);
  receive();
}

process.exitCode = await run({
  args: process.argv.slice(2),
  environment: process.env,
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
  onSignal(receive) {
    process.on('SIGTERM', () => onEnd(() => receive('end')));
    process.on('SIGINT', () => onEnd(() => receive('end')));
    process.on('SIGHUP', () => receive('restart'));
  },
});
process.exit();
