// The WebAssembly module of dcmjs-codecs: compiled once, given to every thread.
import { promises } from 'node:fs';
import { createRequire } from 'node:module';

const moduleFile = 'dcmjs-codecs/build/dcmjs-native-codecs.wasm';

export async function compileNativeModule(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve(moduleFile);
  return WebAssembly.compile(await promises.readFile(path));
}
