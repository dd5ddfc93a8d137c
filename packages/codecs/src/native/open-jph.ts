// OpenJPH as @cornerstonejs/codec-openjph has it: it compresses with loss too.
import { CodecError } from '../frame/index.ts';
import { createEmscriptenModule } from './emscripten.ts';

interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform: boolean;
}

interface Encoder {
  getDecodedBuffer(info: FrameInfo): Uint8Array;
  setQuality(isReversible: boolean, step: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

const isEncoder = (value: unknown): value is new () => Encoder => typeof value === 'function';

export interface OpenJph {
  /** @param info colour: of eight bits. @param step between values that are told apart, as a part of all values. @throws CodecError */
  encodeLossy(frame: Uint8Array, info: FrameInfo, step: number): Uint8Array;
}

export function createOpenJph(): OpenJph {
  const module = createEmscriptenModule({
    script: '@cornerstonejs/codec-openjph/wasmjs',
    binary: '@cornerstonejs/codec-openjph/wasm',
  });
  return {
    encodeLossy: (frame, info, step) =>
      module.use(({ HTJ2KEncoder }) => {
        if (!isEncoder(HTJ2KEncoder)) throw new CodecError('Unsupported', 'The codecs lack HTJ2KEncoder');
        const encoder = new HTJ2KEncoder();
        encoder.getDecodedBuffer(info).set(frame);
        encoder.setQuality(false, step);
        encoder.encode();
        const encoded = encoder.getEncodedBuffer().slice();
        encoder.delete();
        return encoded;
      }),
  };
}
