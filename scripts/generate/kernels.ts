// Compiles the kernels of packages/codecs to the WebAssembly module that is kept with the sources.
//
//     node scripts/generate/kernels.ts [--clang clang]
//
// Needs Clang 14 or later with its linker for WebAssembly (Debian: clang, lld). The module tells the digest of its sources in a section of
// its own, so that a test sees when one was changed without the other.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const folder = fileURLToPath(new URL('../../packages/codecs/kernels/', import.meta.url));
export const kernelModule = new URL('../../packages/codecs/src/native/kernels.wasm', import.meta.url);
export const digestSection = 'pharos.sources';

const flags = [
  ...['--target=wasm32', '-O3', '-msimd128', '-mbulk-memory', '-msign-ext', '-ffreestanding', '-nostdlib'],
  ...['-Wall', '-Wextra', '-Werror', '-Wl,--no-entry', '-Wl,--export=__heap_base', '-Wl,-z,stack-size=16384'],
  '-Wl,--strip-all',
];

/** Of all sources, whatever ends their lines. */
export function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const name of globSync('*.{c,h}', { cwd: folder }).sort()) {
    hash.update(`${name}\n${readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')}`);
  }
  return hash.digest('hex');
}

/** A custom section (WebAssembly core specification 5.5.3); lengths of one byte each. */
function customSection(name: string, text: string): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name + text, 'latin1')]);
  return Buffer.concat([Buffer.from([0, body.length]), body]);
}

function compile(clang: string): void {
  const sources = globSync('*.c', { cwd: folder }).sort();
  const out = fileURLToPath(kernelModule);
  const { status } = spawnSync(clang, [...flags, '-o', out, ...sources], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  writeFileSync(out, Buffer.concat([readFileSync(out), customSection(digestSection, digestOfSources())]));
  chmodSync(out, 0o644);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { clang: { type: 'string', default: 'clang' } } });
  compile(values.clang);
}
