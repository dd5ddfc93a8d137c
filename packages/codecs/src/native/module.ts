// The WebAssembly module of dcmjs-codecs.
import { promises, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const moduleFile = 'dcmjs-codecs/build/dcmjs-native-codecs.wasm';
const modulePath = (): string => createRequire(import.meta.url).resolve(moduleFile);

/** Takes a tenth of a second where nobody has it: threads of one process share what they compiled from the same bytes. */
export function compileNativeModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(modulePath()));
}

/** Beside other work. Whoever keeps it keeps what was compiled for all threads, also those that begin when others have ended. */
export async function keptNativeModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await promises.readFile(modulePath()));
}
