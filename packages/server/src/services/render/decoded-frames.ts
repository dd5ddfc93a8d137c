// Frames that were decoded, kept within a bound: another picture of the same frame, or its values, need not decode it again.
import { bytesOfFrame, type FrameSource, isNativeSyntax, type TakeDecoded } from '@pharos/codecs';
import { createByteCache } from '../read/index.ts';
import type { InstancePixels } from '../services.ts';
import { frameSource } from './frame-source.ts';

/** What makes something of a frame; it hands over the frame where it had to decode it. */
export type FrameWork<T> = (source: FrameSource, take?: TakeDecoded) => Promise<T>;

export interface DecodedFrames {
  /** Those who want the same frame at once wait for the first of them to decode it.
   * @throws CodecError, PharosError ParameterOutOfRange, BadFileFormat, and what `work` throws */
  use<T>(pixels: InstancePixels, frame: number, work: FrameWork<T>): Promise<T>;
  /** The same for a frame that nobody is expected to ask for soon: it is used where it is there, and not kept. */
  useOnce<T>(pixels: InstancePixels, frame: number, work: FrameWork<T>): Promise<T>;
}

const largestShare = 1 / 2;

/** @param maximumBytes 0 keeps nothing */
export function createDecodedFrames(maximumBytes: number): DecodedFrames {
  const kept = createByteCache<FrameSource>(maximumBytes, largestShare);
  const decoding = new Map<string, Promise<void>>();
  const keyOf = ({ key }: InstancePixels, frame: number): string => `${key} ${frame}`;

  const isWorthKeeping = ({ transferSyntax, format }: FrameSource): boolean =>
    !isNativeSyntax(transferSyntax) && bytesOfFrame(format) <= maximumBytes * largestShare;

  const decode = async <T>(key: string, source: FrameSource, work: FrameWork<T>): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    decoding.set(key, promise);
    try {
      return await work(source, ({ transferSyntax, format, bytes }) => {
        const { byteLength: length } = bytes;
        kept.set(key, { transferSyntax, format, length, read: async () => bytes }, length);
      });
    } finally {
      decoding.delete(key);
      resolve();
    }
  };

  return {
    async use(pixels, frame, work) {
      const key = keyOf(pixels, frame);
      const source = kept.get(key) ?? (await frameSource(pixels, frame));
      if (!isWorthKeeping(source)) return work(source);
      for (let other = decoding.get(key); other; other = decoding.get(key)) await other;
      const decoded = kept.get(key);
      return decoded ? work(decoded) : decode(key, source, work);
    },
    async useOnce(pixels, frame, work) {
      return work(kept.get(keyOf(pixels, frame)) ?? (await frameSource(pixels, frame)));
    },
  };
}
