// Samples as picture files have them.
import { CodecError } from '../frame/index.ts';
import type { Picture } from '../pixels/index.ts';

/** Bytes, words with the high byte first; negative ones as two's complement. @throws CodecError Unsupported for 32 bits */
export function bigEndianSamples({ samples }: Picture): Uint8Array {
  if (samples instanceof Uint8Array) return samples;
  if (samples instanceof Uint32Array)
    throw new CodecError('Unsupported', 'Samples of 32 bits do not fit into a picture');
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return Buffer.from(bytes).swap16();
}
