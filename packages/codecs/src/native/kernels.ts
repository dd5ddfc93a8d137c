// Inner loops of our own, in WebAssembly (packages/codecs/kernels): numbers in, numbers out, what they work on in their memory.
import { readFileSync } from 'node:fs';
import { CodecError } from '../frame/index.ts';

export type KernelName =
  | 'countDifferences'
  | 'encodeDifferences'
  | 'encodeRunLengths'
  | 'prepareBlocks'
  | 'decodeBlock'
  | 'decodeLines'
  | 'placeBlock'
  | 'synthesizeLevel'
  | 'encodeBlock'
  | 'analyzeLevel'
  | 'turnFromColour'
  | 'loadSamples'
  | 'turnColour'
  | 'storeSamples'
  | 'filterLines'
  | 'deflateBytes'
  | 'beginDeflate'
  | 'deflate';

export interface Kernel {
  /** Addresses of places of so many bytes each. Each call begins anew: what is in the first places stays where their sizes are the same. */
  place(...sizes: readonly number[]): readonly number[];
  call(name: KernelName, ...values: readonly number[]): number;
  /** Views, until places are made anew. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer>;
  integers(address: number, length: number): Int32Array<ArrayBuffer>;
}

export interface Kernels {
  /** What `work` makes with a kernel. @throws CodecError: what `work` throws, Damaged for anything else it throws, OverBudget */
  use<T>(work: (kernel: Kernel) => T): T;
}

type KernelFunction = (...values: readonly number[]) => number;

const isFunction = (value: unknown): value is KernelFunction => typeof value === 'function';

const pageBytes = 65_536;
/** Memory of an instance never shrinks. */
const largestMemory = 256 * 1024 * 1024;
const mostPages = 65_536;
const alignment = 16;
const aligned = (address: number): number => Math.ceil(address / alignment) * alignment;

/** Of the build: behind what the kernels keep for themselves. */
function heapBase(exports: WebAssembly.Instance['exports']): number {
  const { __heap_base: base } = exports;
  if (typeof base === 'object' && base !== null && 'value' in base && typeof base.value === 'number') return base.value;
  throw new CodecError('Unsupported', 'The kernels do not tell where their memory begins');
}

function instantiate(module: WebAssembly.Module): Kernel & { readonly memory: WebAssembly.Memory } {
  const { exports } = new WebAssembly.Instance(module, {});
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new CodecError('Unsupported', 'The kernels have no memory');
  const base = aligned(heapBase(exports));
  const kernel: Kernel = {
    place(...sizes) {
      let end = base;
      const addresses = sizes.map((size) => {
        const address = end;
        end = aligned(end + size);
        return address;
      });
      const pages = Math.ceil((end - memory.buffer.byteLength) / pageBytes);
      if (end / pageBytes > mostPages) throw new CodecError('OverBudget', 'The image takes more memory than allowed');
      if (pages > 0) memory.grow(pages);
      return addresses;
    },
    call(name, ...values) {
      const exported = exports[name];
      if (!isFunction(exported)) throw new CodecError('Unsupported', `The kernels lack ${name}`);
      return exported(...values) >>> 0;
    },
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
    integers: (address, length) => new Int32Array(memory.buffer, address, length),
  };
  kernel.call('prepareBlocks');
  return { ...kernel, memory };
}

export function createKernels(): Kernels {
  let module: WebAssembly.Module | undefined;
  let kept: ReturnType<typeof instantiate> | undefined;
  return {
    use(work) {
      module ??= new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)));
      const kernel = kept ?? instantiate(module);
      kept = undefined;
      try {
        const made = work(kernel);
        if (kernel.memory.buffer.byteLength <= largestMemory) kept = kernel;
        return made;
      } catch (error) {
        if (error instanceof CodecError) throw error;
        if (error instanceof RangeError) throw new CodecError('OverBudget', 'The image takes more memory than allowed');
        throw new CodecError('Damaged', 'The image made its decoder fail', { cause: error });
      }
    },
  };
}
