// OpenJPEG as @cornerstonejs/codec-openjpeg has it: for colour of more than eight bits, of which the other module gives the low bytes only.
import { CodecError } from '../frame/index.ts';
import { createEmscriptenModule } from './emscripten.ts';

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

const isDecoder = (value: unknown): value is new () => Decoder => typeof value === 'function';

export interface OpenJpeg {
  /** Samples by pixel, of two bytes where they have more than eight bits. @throws CodecError Damaged */
  decode(encoded: Uint8Array): Uint8Array;
}

export function createOpenJpeg(): OpenJpeg {
  const module = createEmscriptenModule({
    script: '@cornerstonejs/codec-openjpeg/decodewasmjs',
    binary: '@cornerstonejs/codec-openjpeg/decodewasm',
  });
  return {
    decode: (encoded) =>
      module.use(({ J2KDecoder }) => {
        if (!isDecoder(J2KDecoder)) throw new CodecError('Unsupported', 'The codecs lack J2KDecoder');
        const decoder = new J2KDecoder();
        decoder.getEncodedBuffer(encoded.byteLength).set(encoded);
        decoder.decode();
        const decoded = decoder.getDecodedBuffer().slice();
        decoder.delete();
        return decoded;
      }),
  };
}
