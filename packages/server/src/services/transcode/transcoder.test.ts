// What does not fit into a file is told, instead of a file that says something else than it holds.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bytesOfFrame, createCodecs, createImageWorkers, type FrameFormat } from '@pharos/codecs';
import { editDataSet, encodePart10, parsePart10, Tag } from '@pharos/dicom';
import { type IngestFixture, noMetrics, openIngest, syntheticInstance } from '@pharos/testkit';
import { type OrthancId, PharosError } from '../../model/index.ts';
import { createInstanceReader } from '../read/index.ts';
import { createTranscoder } from './transcoder.ts';

const jpegLs = '1.2.840.10008.1.2.4.80';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const side = 4096;
const images = createImageWorkers({ threads: 1, memoryBytes: 64 * 1024 * 1024 });
let storage: IngestFixture;
before(async () => {
  storage = await openIngest();
});
after(async () => {
  await images.close();
  await storage.discard();
});

/** Frames of 16 MB that take next to nothing. */
async function storedImage(frames: number): Promise<OrthancId> {
  const format: FrameFormat = {
    ...{ rows: side, columns: side, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7 },
    ...{ isSigned: false, planarConfiguration: 0, photometricInterpretation: 'MONOCHROME2' },
  };
  const encoded = createCodecs()(jpegLs).encode?.(
    { format, bytes: new Uint8Array(bytesOfFrame(format)) },
    { quality: 100 },
  );
  assert.ok(encoded);
  const plain = syntheticInstance({ kind: 'mr', patient: 1, study: 0, series: 0, instance: frames });
  const { dataSet } = parsePart10(plain, { stopAt: 'end' });
  const fragments = [new Uint8Array(0), ...Array.from({ length: frames }, () => encoded.bytes)];
  const changed = editDataSet(dataSet, [
    { tag: Tag.Rows, value: side },
    { tag: Tag.Columns, value: side },
    { tag: Tag.BitsAllocated, value: 8 },
    { tag: Tag.BitsStored, value: 8 },
    { tag: Tag.HighBit, value: 7 },
    { tag: Tag.NumberOfFrames, value: frames },
    { tag: Tag.PixelData, vr: 'OB', value: { fragments } },
  ]);
  return (await storage.store(encodePart10({ dataSet: changed, transferSyntax: jpegLs }))).ids.instance;
}

test('an image of more than 4 GB is not written without compression', async () => {
  const reader = createInstanceReader({
    ...storage,
    live: { fallbackCharset: () => 'ISO_IR 100' },
    settings: { DicomParserCacheSize: 16, MaximumStorageCacheSize: 0 },
    metrics: noMetrics,
  });
  const settings = { DicomLossyTranscodingQuality: 90, TranscoderCacheSize: 0 };
  const transcoder = createTranscoder({ ...storage, reader, images, settings, metrics: noMetrics });
  const request = { syntaxes: [explicitLittleEndian], lossy: 'never' } as const;
  const large = await transcoder.stored(await storedImage(255), request);
  assert.ok(large?.length && large.length > 255 * side * side);
  await assert.rejects(
    transcoder.stored(await storedImage(256), request),
    (error) => error instanceof PharosError && error.code === 'NotImplemented' && /4 GB/.test(String(error.details)),
  );
});
