// Modules made by Emscripten with classes for JavaScript: opened at once, when they are first needed, in the thread that uses them. As
// with the other module, an instance that failed, or that has grown large, is thrown away.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CodecError } from '../frame/index.ts';

type Receive = (instance: WebAssembly.Instance) => void;
type Opened = Readonly<Record<string, unknown>>;

/** Memory of an instance never shrinks. */
const largestMemory = 256 * 1024 * 1024;

const isFunction = (value: unknown): value is (module: object) => unknown => typeof value === 'function';

export interface EmscriptenModule {
  /** What `work` makes of the classes of the module. @throws CodecError: what `work` throws, Damaged for anything else it throws */
  use<T>(work: (classes: Opened) => T): T;
}

export interface EmscriptenFiles {
  /** As they are imported. */
  readonly script: string;
  readonly binary: string;
}

/** Of C++, what is thrown is a number; that of JavaScript tells more. */
function fault(error: unknown): CodecError {
  if (error instanceof CodecError) return error;
  return new CodecError('Damaged', 'The image made its decoder fail', { cause: error });
}

export function createEmscriptenModule({ script, binary }: EmscriptenFiles): EmscriptenModule {
  const require = createRequire(import.meta.url);
  let compiled: WebAssembly.Module | undefined;
  let kept: Opened | undefined;
  let complaint: string | undefined;

  const hear = (line: string): void => {
    if (/error/i.test(line)) complaint ??= line;
  };

  const open = (): Opened => {
    const factory: unknown = require(script);
    if (!isFunction(factory)) throw new CodecError('Unsupported', `${script} is no module of codecs`);
    compiled ??= new WebAssembly.Module(readFileSync(require.resolve(binary)));
    const module = compiled;
    const opened = {
      print: hear,
      printErr: hear,
      instantiateWasm(imports: WebAssembly.Imports, receive: Receive) {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance);
        return instance.exports;
      },
    };
    // The classes are there as soon as the instance is; an instance that fails later tells it here too.
    Promise.resolve(factory(opened)).catch(() => {});
    return opened;
  };

  const isSmall = ({ HEAPU8: memory }: Opened): boolean =>
    memory instanceof Uint8Array && memory.buffer.byteLength <= largestMemory;

  return {
    use(work) {
      const opened = kept ?? open();
      kept = undefined;
      complaint = undefined;
      try {
        const made = work(opened);
        if (complaint !== undefined) throw new CodecError('Damaged', `The image cannot be decoded (${complaint})`);
        if (isSmall(opened)) kept = opened;
        return made;
      } catch (error) {
        throw fault(error);
      }
    },
  };
}
