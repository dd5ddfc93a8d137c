// The codecs of the WebAssembly module of dcmjs-codecs (libijg, CharLS, OpenJPEG, OpenJPH, libjxl) through its C interface: numbers in,
// numbers out, frames in its memory. An instance that failed, or that has grown large, is thrown away.
import { CodecError } from '../frame/index.ts';
import { compileNativeModule } from './module.ts';
import { nativeImports } from './wasi.ts';

/** Names of the functions behind `Decode` and `Encode`. */
export type NativeFamily = 'Jpeg' | 'JpegLs' | 'Jpeg2000' | 'HtJpeg2000' | 'JpegXl';

/** How the module is told of a frame. */
export interface NativeFormat {
  readonly columns: number;
  readonly rows: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly samplesPerPixel: number;
  readonly isSigned: boolean;
  readonly planarConfiguration: 0 | 1;
  readonly isRgb: boolean;
}

export interface DecodeParameters {
  readonly toRgb?: boolean;
}

export interface EncodeParameters {
  readonly isLossy?: boolean;
  /** 1 to 100, JPEG and JPEG XL. */
  readonly quality?: number;
  /** JPEG, lossless: 1 to 7. */
  readonly predictor?: number;
  /** JPEG-LS: the largest difference. */
  readonly allowedError?: number;
  /** JPEG 2000: bytes before, divided by bytes after. */
  readonly ratio?: number;
  /** JPEG 2000: 0 LRCP, 2 RPCL. */
  readonly progressionOrder?: number;
}

export interface NativeCodecs {
  /** @throws CodecError Damaged */
  decode(family: NativeFamily, encoded: Uint8Array, format: NativeFormat, parameters?: DecodeParameters): Uint8Array;
  /** @throws CodecError Damaged */
  encode(family: NativeFamily, frame: Uint8Array, format: NativeFormat, parameters?: EncodeParameters): Uint8Array;
}

type NativeFunction = (...values: readonly number[]) => number;

interface Instance {
  readonly memory: WebAssembly.Memory;
  call(name: string, ...values: readonly number[]): number;
}

/** Memory of an instance never shrinks. */
const largestMemory = 256 * 1024 * 1024;
/** As the module counts photometric interpretations. */
const monochrome2 = 1;
const rgb = 3;

const isFunction = (value: unknown): value is NativeFunction => typeof value === 'function';

function instantiate(module: WebAssembly.Module): Instance {
  let memory: WebAssembly.Memory | undefined;
  const held = (): WebAssembly.Memory => {
    if (memory) return memory;
    throw new CodecError('Damaged', 'The codecs have no memory');
  };
  const { exports } = new WebAssembly.Instance(module, nativeImports(held));
  if (exports.memory instanceof WebAssembly.Memory) memory = exports.memory;
  const call = (name: string, ...values: readonly number[]): number => {
    const exported = exports[name];
    if (!isFunction(exported)) throw new CodecError('Unsupported', `The codecs lack ${name}`);
    return exported(...values);
  };
  call('_initialize');
  return { memory: held(), call };
}

function createContext({ call }: Instance, format: NativeFormat): number {
  const context = call('CreateCodecsContext');
  call('SetColumns', context, format.columns);
  call('SetRows', context, format.rows);
  call('SetBitsAllocated', context, format.bitsAllocated);
  call('SetBitsStored', context, format.bitsStored);
  call('SetSamplesPerPixel', context, format.samplesPerPixel);
  call('SetPixelRepresentation', context, Number(format.isSigned));
  call('SetPlanarConfiguration', context, format.planarConfiguration);
  call('SetPhotometricInterpretation', context, format.isRgb ? rgb : monochrome2);
  return context;
}

function createEncoderParameters({ call }: Instance, parameters: EncodeParameters): number {
  const created = call('CreateEncoderParameters');
  call('SetLossy', created, Number(parameters.isLossy ?? false));
  call('SetQuality', created, parameters.quality ?? 90);
  call('SetSmoothingFactor', created, 0);
  // Chrominance has half the columns, as YBR_FULL_422 says.
  call('SetSampleFactor', created, 1);
  call('SetPredictor', created, parameters.predictor ?? 1);
  call('SetPointTransform', created, 0);
  call('SetAllowedLossyError', created, parameters.allowedError ?? 0);
  call('SetProgressionOrder', created, parameters.progressionOrder ?? 0);
  call('SetRate', created, parameters.ratio ?? 1);
  call('SetAllowMct', created, 1);
  return created;
}

/** Into the buffer `Encoded` or `Decoded` of a context. */
function put({ call, memory }: Instance, context: number, buffer: string, bytes: Uint8Array): void {
  call(`Set${buffer}BufferSize`, context, bytes.byteLength);
  new Uint8Array(memory.buffer).set(bytes, call(`Get${buffer}Buffer`, context));
}

function take({ call, memory }: Instance, context: number, buffer: string): Uint8Array {
  const start = call(`Get${buffer}Buffer`, context);
  return new Uint8Array(memory.buffer, start, call(`Get${buffer}BufferSize`, context)).slice();
}

/** The module is compiled when it is needed first. */
export function createNativeCodecs(): NativeCodecs {
  let module: WebAssembly.Module | undefined;
  let kept: Instance | undefined;

  /** Whatever is thrown on the way out of the module leaves its stack where it was: that instance is of no more use. */
  const use = (work: (instance: Instance) => Uint8Array): Uint8Array => {
    module ??= compileNativeModule();
    const instance = kept ?? instantiate(module);
    kept = undefined;
    try {
      const result = work(instance);
      if (instance.memory.buffer.byteLength <= largestMemory) kept = instance;
      return result;
    } catch (error) {
      if (error instanceof CodecError) throw error;
      throw new CodecError('Damaged', 'The image made its decoder fail', { cause: error });
    }
  };

  return {
    decode: (family, encoded, format, { toRgb = false } = {}) =>
      use((instance) => {
        const { call } = instance;
        const context = createContext(instance, format);
        put(instance, context, 'Encoded', encoded);
        const parameters = call('CreateDecoderParameters');
        call('SetConvertColorspaceToRgb', parameters, Number(toRgb));
        call(`Decode${family}`, context, parameters);
        const decoded = take(instance, context, 'Decoded');
        call('ReleaseDecoderParameters', parameters);
        call('ReleaseCodecsContext', context);
        return decoded;
      }),
    encode: (family, frame, format, given = {}) =>
      use((instance) => {
        const { call } = instance;
        const context = createContext(instance, format);
        put(instance, context, 'Decoded', frame);
        const parameters = createEncoderParameters(instance, given);
        call(`Encode${family}`, context, parameters);
        const encoded = take(instance, context, 'Encoded');
        call('ReleaseEncoderParameters', parameters);
        call('ReleaseCodecsContext', context);
        return encoded;
      }),
  };
}
