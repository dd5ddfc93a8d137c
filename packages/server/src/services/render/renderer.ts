// Stored images as pictures and numbers. Pictures that are asked for again are kept, within a bound, and so are decoded frames; what is
// asked for at the same time is made once.
import { createHash } from 'node:crypto';
import type { FrameSource, ImageWorkers } from '@pharos/codecs';
import { PharosError, type Settings } from '../../model/index.ts';
import { createByteCache } from '../read/index.ts';
import type { InstancePixels, InstanceReader, PictureOptions, Renderer } from '../services.ts';
import { createDecodedFrames } from './decoded-frames.ts';
import { frameArray, framesArray } from './frame-arrays.ts';
import { frameSource, ofImage, presentation } from './frame-source.ts';

export interface RendererDependencies {
  readonly reader: Pick<InstanceReader, 'pixels'>;
  readonly images: ImageWorkers;
  readonly settings: Pick<Settings, 'TranscoderCacheSize' | 'DecodedFramesCacheSize'>;
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const mebibyte = 1024 * 1024;
/** Of the memory that is set aside for what decoding and encoding give. */
const shareOfPictures = 0.25;

/** A picture that is being made, and whether those who asked for it have gone. */
interface Making {
  readonly bytes: Promise<Uint8Array>;
  readonly askers: (() => boolean)[];
}

/** A frame that is read when its turn has come, if somebody still waits for what is made of it. */
function whileWanted(source: FrameSource, askers: readonly (() => boolean)[]): FrameSource {
  return {
    ...source,
    async read() {
      if (askers.every((isAbandoned) => isAbandoned()))
        throw new PharosError('CanceledJob', 'Nobody waits for the picture');
      return source.read();
    },
  };
}

const isNeverAbandoned = (): boolean => false;

export function createRenderer({ reader, images, settings }: RendererDependencies): Renderer {
  const kept = createByteCache<Uint8Array>(settings.TranscoderCacheSize * mebibyte * shareOfPictures);
  const underWay = new Map<string, Making>();
  const frames = createDecodedFrames(settings.DecodedFramesCacheSize * mebibyte);

  const make = (
    pixels: InstancePixels,
    frame: number,
    options: PictureOptions,
    askers: Making['askers'],
  ): Promise<Uint8Array> =>
    ofImage(() =>
      frames.use(pixels, frame, async (source, take) =>
        images.picture(whileWanted(source, askers), { ...options, presentation: presentation(pixels, frame) }, take),
      ),
    );

  const picture = async (
    key: string,
    pixels: InstancePixels,
    frame: number,
    options: PictureOptions,
    isAbandoned: () => boolean,
  ): Promise<Uint8Array> => {
    const made = kept.get(key);
    if (made) return made;
    const making = underWay.get(key);
    if (making) {
      making.askers.push(isAbandoned);
      return making.bytes;
    }
    const askers = [isAbandoned];
    const begun = make(pixels, frame, options, askers).finally(() => underWay.delete(key));
    underWay.set(key, { bytes: begun, askers });
    const bytes = await begun;
    kept.set(key, bytes, bytes.byteLength);
    return bytes;
  };

  return {
    async picture(id, frame, options) {
      const pixels = await reader.pixels(id);
      if (!pixels) return undefined;
      const key = `${pixels.key} ${frame} ${JSON.stringify(options)}`;
      const tag = createHash('sha1').update(key).digest('hex');
      return { tag, bytes: (isAbandoned = isNeverAbandoned) => picture(key, pixels, frame, options, isAbandoned) };
    },
    async matlab(id, frame) {
      const pixels = await reader.pixels(id);
      return (
        pixels &&
        ofImage(() =>
          frames.use(pixels, frame, async (source, take) => images.matlab(source, presentation(pixels, frame), take)),
        )
      );
    },
    async samples(id, frame) {
      const pixels = await reader.pixels(id);
      if (!pixels) return undefined;
      const native = await ofImage(async () =>
        images.transcode(await frameSource(pixels, frame), explicitLittleEndian, { quality: 100 }),
      );
      return native.bytes;
    },
    frameArray: (id, frame, isRescaled) => frameArray({ reader, images, frames }, id, frame, isRescaled),
    array: (ids, isRescaled) => framesArray({ reader, images, frames }, ids, isRescaled),
  };
}
