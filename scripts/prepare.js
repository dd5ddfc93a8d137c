/* Prints nothing when all is in place: installs the dependencies when the lock file changed, and after a change of the sources
   loads the server once, so that its compiled code is in the cache and every start is quick and small. Runs on Node 20. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const isWindows = process.platform === 'win32';

function install() {
  const stamp = join(root, 'node_modules', '.pharos-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing the dependencies (npm install); this takes about half a minute the first time.');
  const { status } = spawnSync(
    isWindows ? 'npm.cmd' : 'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: isWindows,
    },
  );
  if (status !== 0) {
    console.error('npm install failed. Check that the npm registry can be reached, then try again.');
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Time of the latest change below a folder, in milliseconds. */
function latestChange(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return latest;
}

function warmCache() {
  const stamp = join(root, 'node_modules', '.cache', 'pharos-warm');
  const sources = ['dicom', 'dimse', 'server'].map((name) => latestChange(join(root, 'packages', name, 'src')));
  const latest = String(Math.max(...sources));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === latest) return;
  const node = join(root, 'node_modules', '.bin', isWindows ? 'node.cmd' : 'node');
  const main = join(root, 'packages', 'server', 'src', 'app', 'main.js');
  const { status } = spawnSync(node, [main, '--version'], { cwd: root, stdio: 'ignore', shell: isWindows });
  if (status !== 0) return;
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, latest);
}

install();
if (process.env.npm_lifecycle_event === 'prestart') warmCache();
