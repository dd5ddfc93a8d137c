// A frame is decoded once, whatever is made of it, as long as it is kept.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createCodecs, createImageWorkers, frameFormatOf, isNativeSyntax } from '@pharos/codecs';
import { editDataSet, encodePart10, parsePart10, Tag } from '@pharos/dicom';
import { type IngestFixture, noMetrics, openIngest, syntheticInstance } from '@pharos/testkit';
import type { OrthancId } from '../../model/index.ts';
import { createInstanceReader } from '../read/index.ts';
import type { PictureOptions, Renderer } from '../services.ts';
import { createRenderer } from './renderer.ts';

const jpegLossless = '1.2.840.10008.1.2.4.70';
const frames = 3;
const images = createImageWorkers({ threads: 2, memoryBytes: 64 * 1024 * 1024 });
let storage: IngestFixture;
let compressed: OrthancId;
let native: OrthancId;
let decoded = 0;

before(async () => {
  storage = await openIngest();
  const plain = syntheticInstance({ kind: 'mr', patient: 1, study: 0, series: 0, instance: 0 });
  native = (await storage.store(plain)).ids.instance;
  const { dataSet } = parsePart10(plain, { stopAt: 'end' });
  const codec = createCodecs()(jpegLossless);
  const bytes = dataSet.bytes(Tag.PixelData) ?? new Uint8Array(0);
  const encoded = codec.encode?.({ format: frameFormatOf(dataSet), bytes }, { quality: 100 });
  assert.ok(encoded);
  const fragments = [new Uint8Array(0), ...Array.from({ length: frames }, () => encoded.bytes)];
  const changes = editDataSet(dataSet, [
    { tag: Tag.SOPInstanceUID, value: '1.2.3.4.5' },
    { tag: Tag.NumberOfFrames, value: frames },
    { tag: Tag.PixelData, vr: 'OB', value: { fragments } },
  ]);
  const file = encodePart10({ dataSet: changes, transferSyntax: jpegLossless });
  compressed = (await storage.store(file)).ids.instance;
});
after(async () => {
  await images.close();
  await storage.discard();
});
beforeEach(() => {
  decoded = 0;
});

const note = ({ transferSyntax }: { readonly transferSyntax: string }): void => {
  if (!isNativeSyntax(transferSyntax)) decoded++;
};

function renderer(megabytes: number): Renderer {
  const reader = createInstanceReader({
    ...storage,
    live: { fallbackCharset: () => 'ISO_IR 100' },
    settings: { DicomParserCacheSize: 16, MaximumStorageCacheSize: 0 },
    metrics: noMetrics,
  });
  return createRenderer({
    reader,
    images: {
      ...images,
      picture(source, ...rest) {
        note(source);
        return images.picture(source, ...rest);
      },
      values(source, ...rest) {
        note(source);
        return images.values(source, ...rest);
      },
      matlab(source, ...rest) {
        note(source);
        return images.matlab(source, ...rest);
      },
    },
    settings: { TranscoderCacheSize: 0, DecodedFramesCacheSize: megabytes },
  });
}

type View = PictureOptions['view'];

async function picture(from: Renderer, id: OrthancId, frame: number, view: View): Promise<Uint8Array> {
  const made = await from.picture(id, frame, { view, type: 'image/png', quality: 90 });
  assert.ok(made);
  return made.bytes();
}

const windowed = (center: number): View => ({
  kind: 'rendered',
  center,
  width: 300,
  size: { width: 0, height: 0 },
  isSmooth: false,
});
const views: readonly View[] = [{ kind: 'preview' }, { kind: 'uint16' }, windowed(1200), windowed(1300)];

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream));
}

test('pictures, another window, an array and a matrix of one frame decode it once, and are those of the uncompressed image', async () => {
  const one = renderer(16);
  for (const view of views) {
    assert.deepEqual(await picture(one, compressed, 1, view), await picture(one, native, 0, view));
  }
  const array = await one.frameArray(compressed, 1, false);
  const same = await one.frameArray(native, 0, false);
  assert.ok(array && same && (await bytesOf(array.stream())).equals(await bytesOf(same.stream())));
  assert.deepEqual(await one.matlab(compressed, 1), await one.matlab(native, 0));
  assert.equal(decoded, 1);
  await picture(one, compressed, 2, { kind: 'preview' });
  assert.equal(decoded, 2);
});

test('different pictures of one frame that are wanted at once wait for one decoding', async () => {
  const one = renderer(16);
  await Promise.all(views.map((view) => picture(one, compressed, 0, view)));
  assert.equal(decoded, 1);
});

test('an array of all frames uses what is kept, and does not push it out', async () => {
  const one = renderer(16);
  await picture(one, compressed, 1, { kind: 'preview' });
  const array = await one.array([compressed], false);
  assert.ok(array);
  await bytesOf(array.stream());
  assert.equal(decoded, frames);
  await picture(one, compressed, 1, { kind: 'uint16' });
  assert.equal(decoded, frames);
});

test('nothing is kept where the configuration says so', async () => {
  const none = renderer(0);
  for (const view of views) await picture(none, compressed, 0, view);
  assert.equal(decoded, views.length);
});

test('a frame that cannot be decoded is an error for everybody who wants it, the first and the next', async () => {
  const plain = syntheticInstance({ kind: 'mr', patient: 1, study: 0, series: 0, instance: 1 });
  const dataSet = editDataSet(parsePart10(plain).dataSet, [
    { tag: Tag.PixelData, vr: 'OB', value: { fragments: [new Uint8Array(0), new Uint8Array(100).fill(0xff)] } },
  ]);
  const { ids } = await storage.store(encodePart10({ dataSet, transferSyntax: jpegLossless }));
  const one = renderer(16);
  const all = await Promise.allSettled(views.map((view) => picture(one, ids.instance, 0, view)));
  assert.deepEqual(
    all.map(({ status }) => status),
    views.map(() => 'rejected'),
  );
});

test('a picture that nobody waits for any more is not begun; one of which somebody still waits is made', async () => {
  const asked = await renderer(0).picture(compressed, 0, { view: { kind: 'preview' }, type: 'image/png', quality: 90 });
  assert.ok(asked);
  await assert.rejects(
    asked.bytes(() => true),
    { code: 'CanceledJob' },
  );
  const [first, second] = await Promise.all([asked.bytes(() => true), asked.bytes(() => false)]);
  assert.ok(first.byteLength > 0 && first === second);
});
