// Stored images as pictures and numbers, in every compression: what a script that downloads them sees.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { createDataSet, encodePart10, parsePart10, Tag } from '@pharos/dicom';
import { type ServerProcess, startServer } from '@pharos/testkit';
import { decodePngFile } from './png-fixture.ts';

const root = '1.2.840.10008.1.2';
const columns = 24;
const rows = 16;
const lossless = ['.1', '.2', '.1.99', '.5', '.4.57', '.4.70', '.4.80', '.4.90', '.4.201', '.4.110'];

/** Two frames of 12 bits: 100 * frame + row * column. */
function samplesOf(frame: number): Uint16Array {
  return Uint16Array.from(
    { length: rows * columns },
    (_, at) => 100 * frame + Math.floor(at / columns) * (at % columns),
  );
}

function file(changes: Parameters<typeof createDataSet>[0] = []): Uint8Array {
  const pixels = Buffer.concat([0, 1].map((frame) => Buffer.from(samplesOf(frame).buffer)));
  const dataSet = createDataSet([
    { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.7.3' },
    { tag: Tag.SOPInstanceUID, value: '1.2.3.4' },
    { tag: Tag.StudyInstanceUID, value: '1.2.3' },
    { tag: Tag.SeriesInstanceUID, value: '1.2.3.1' },
    { tag: Tag.PatientID, value: 'P' },
    { tag: Tag.SamplesPerPixel, value: 1 },
    { tag: Tag.PhotometricInterpretation, value: 'MONOCHROME2' },
    { tag: Tag.NumberOfFrames, value: 2 },
    { tag: Tag.Rows, value: rows },
    { tag: Tag.Columns, value: columns },
    { tag: Tag.BitsAllocated, value: 16 },
    { tag: Tag.BitsStored, value: 12 },
    { tag: Tag.HighBit, value: 11 },
    { tag: Tag.PixelRepresentation, value: 0 },
    { tag: Tag.RescaleSlope, value: 2 },
    { tag: Tag.RescaleIntercept, value: -10 },
    { tag: Tag.PixelData, vr: 'OW', value: pixels },
    ...changes,
  ]);
  return encodePart10({ dataSet, transferSyntax: `${root}.1` });
}

let server: ServerProcess;
let instance: string;
let series: string;

async function ask(path: string, options: RequestInit = {}) {
  const response = await fetch(server.url + path, { redirect: 'manual', ...options });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body };
}

async function upload(bytes: Uint8Array): Promise<string> {
  const { body } = await ask('/instances', { method: 'POST', body: Buffer.from(bytes) });
  const stored = JSON.parse(body.toString());
  series = `/series/${stored.ParentSeries}`;
  return `/instances/${stored.ID}`;
}

before(async () => {
  server = await startServer({ configuration: { OverwriteInstances: true } });
  instance = await upload(file());
});
after(() => server.discard());

test('pictures are the same whatever the compression, and frames come back as they were', async () => {
  const native = await ask(`${instance}/frames/1/preview`);
  assert.equal(native.headers.get('content-type'), 'image/png');
  for (const suffix of lossless) {
    const { status, body } = await ask(`${instance}/file?transcode=${root}${suffix}`);
    assert.equal(status, 200, suffix);
    const parsed = parsePart10(body, { inflateRaw: (bytes) => inflateRawSync(bytes) });
    assert.equal(parsed.transferSyntax, root + suffix);
    assert.equal(parsed.dataSet.text(Tag.SOPInstanceUID), '1.2.3.4');
    assert.equal(await upload(body), instance);
    assert.ok((await ask(`${instance}/frames/1/preview`)).body.equals(native.body), suffix);
    const back = await ask(`${instance}/file?transcode=${root}.1`);
    const pixels = parsePart10(back.body, { stopAt: 'end' }).dataSet.bytes(Tag.PixelData);
    assert.ok(pixels && Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength).equals(bothFrames), suffix);
  }
  await upload(file());
});

const bothFrames = Buffer.concat([0, 1].map((frame) => Buffer.from(samplesOf(frame).buffer)));

test('a preview stretches from the least value to the greatest, the other pictures keep values', async () => {
  const samples = samplesOf(1);
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  const preview = await decodePngFile((await ask(`${instance}/frames/1/preview`)).body);
  assert.deepEqual([preview.width, preview.height, preview.depth, preview.channels], [columns, rows, 8, 1]);
  for (const [at, value] of samples.entries()) {
    assert.ok(Math.abs((preview.values[at] ?? 0) - ((value - least) * 255) / (most - least)) <= 0.51);
  }
  const wide = await decodePngFile((await ask(`${instance}/frames/1/image-uint16`)).body);
  assert.deepEqual([...wide.values], [...samples]);
  const narrow = await decodePngFile((await ask(`${instance}/frames/1/image-uint8`)).body);
  assert.deepEqual(
    [...narrow.values],
    Array.from(samples, (value) => Math.min(255, value)),
  );
});

test('a window and a size are applied on demand; MONOCHROME1 is inverted', async () => {
  const query = 'window-center=190&window-width=200';
  const windowed = await decodePngFile((await ask(`${instance}/rendered?${query}`)).body);
  for (const [at, value] of samplesOf(0).entries()) {
    const expected = Math.min(255, Math.max(0, ((value * 2 - 10 - 90) / 200) * 255));
    assert.ok(Math.abs((windowed.values[at] ?? 0) - expected) <= 1);
  }
  const small = await decodePngFile((await ask(`${instance}/rendered?width=12&height=100`)).body);
  assert.deepEqual([small.width, small.height], [12, 8]);
  await upload(file([{ tag: Tag.PhotometricInterpretation, value: 'MONOCHROME1' }]));
  const inverted = await decodePngFile((await ask(`${instance}/rendered?${query}`)).body);
  assert.deepEqual(
    [...inverted.values],
    Array.from(windowed.values, (value) => 255 - value),
  );
  await upload(file());
});

test('the kind of picture follows Accept; what is the same is not sent twice', async () => {
  const kindOf = async (accept: string, what = 'preview') => {
    const { status, headers } = await ask(`${instance}/${what}`, { headers: { Accept: accept } });
    return status === 200 ? headers.get('content-type') : status;
  };
  assert.equal(await kindOf('*/*'), 'image/png');
  assert.equal(await kindOf('image/jpeg'), 'image/jpeg');
  assert.equal(await kindOf('image/jpeg;q=0.5, image/png;q=0.6'), 'image/png');
  assert.equal(await kindOf('image/webp'), 'image/webp');
  assert.equal(await kindOf('image/x-portable-arbitrarymap', 'image-int16'), 'image/x-portable-arbitrarymap');
  assert.equal(await kindOf('image/jpeg', 'image-uint16'), 404);
  assert.equal(await kindOf('text/html'), 404);
  const first = await ask(`${instance}/preview`);
  const etag = first.headers.get('etag') ?? '';
  assert.match(etag, /^"\w+"$/);
  assert.equal((await ask(`${instance}/preview`, { headers: { 'If-None-Match': etag } })).status, 304);
});

test('a picture is asked for again only where it is another one', async () => {
  const tagOf = async (path: string, accept = 'image/png') => {
    const { status, headers } = await ask(path, { headers: { Accept: accept } });
    assert.equal(status, 200, path);
    assert.equal(headers.get('cache-control'), 'private, no-cache');
    assert.equal(headers.get('vary'), 'Accept');
    return headers.get('etag') ?? '';
  };
  const conditional = (path: string, tags: string) => ask(path, { headers: { 'If-None-Match': tags } });
  const preview = await tagOf(`${instance}/preview`);
  const others = [
    await tagOf(`${instance}/frames/1/preview`),
    await tagOf(`${instance}/preview`, 'image/jpeg'),
    await tagOf(`${instance}/image-uint16`),
    await tagOf(`${instance}/rendered?window-center=7&window-width=9`),
  ];
  assert.equal(new Set([preview, ...others]).size, 5);
  assert.equal(await tagOf(`${instance}/preview`), preview);
  const same = await conditional(`${instance}/preview`, `"other", W/${preview}`);
  assert.deepEqual([same.status, same.body.byteLength, same.headers.get('etag')], [304, 0, preview]);
  assert.equal(same.headers.get('cache-control'), 'private, no-cache');
  assert.equal((await conditional(`${instance}/preview`, others.join(', '))).status, 200);
  await upload(file([{ tag: Tag.PixelData, vr: 'OW', value: new Uint8Array(bothFrames.byteLength).fill(1) }]));
  assert.equal((await conditional(`${instance}/preview`, preview)).status, 200);
  await upload(file());
});

test('what cannot be shown is 404 or 415 without a body, or a placeholder where the client wants one', async () => {
  const statusOf = async (path: string) => {
    const { status, body } = await ask(path);
    assert.equal(body.byteLength, 0, path);
    return status;
  };
  assert.equal(await statusOf(`${instance}/frames/2/preview`), 404);
  assert.equal(await statusOf(`${instance}/frames/x/preview`), 404);
  assert.equal(await statusOf('/instances/nope/preview'), 404);
  assert.equal(await statusOf(`${instance}/rendered?width=-1`), 404);
  assert.equal(await statusOf(`${instance}/rendered?window-width=wide`), 404);
  assert.equal(await statusOf(`${instance}/preview?quality=0`), 415);
  assert.equal(await statusOf(`${instance}/rendered?width=60000`), 415);
  const document = await upload(
    encodePart10({
      dataSet: createDataSet([
        { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.88.11' },
        { tag: Tag.SOPInstanceUID, value: '1.2.3.5' },
        { tag: Tag.StudyInstanceUID, value: '1.2.3' },
        { tag: Tag.SeriesInstanceUID, value: '1.2.3.2' },
        { tag: Tag.PatientID, value: 'P' },
      ]),
      transferSyntax: `${root}.1`,
    }),
  );
  assert.equal(await statusOf(`${document}/preview`), 415);
  const away = await ask(`${document}/frames/0/preview?returnUnsupportedImage`);
  assert.deepEqual([away.status, away.headers.get('location')], [307, '../../../../app/images/unsupported.png']);
  assert.equal((await ask('/app/images/unsupported.png')).status, 200);
});

test('Python loads the arrays, of a frame, an instance and a series, compressed or not', async (context) => {
  const python = spawnSync('python3', ['-c', 'import numpy']);
  if (python.status !== 0) return context.skip('python3 with numpy is not installed');
  await upload(file());
  const script = `
import io, json, sys, numpy
a = numpy.load(io.BytesIO(sys.stdin.buffer.read()))
a = a['arr_0'] if hasattr(a, 'files') else a
print(json.dumps([str(a.dtype), list(a.shape), float(a.reshape(-1)[30]), float(a.sum())]))`;
  const load = async (path: string) => {
    const { status, body } = await ask(path);
    assert.equal(status, 200, path);
    return JSON.parse(spawnSync('python3', ['-c', script], { input: body, encoding: 'utf8' }).stdout);
  };
  const sum = (values: Uint16Array): number => values.reduce((total, value) => total + value, 0);
  const both = sum(samplesOf(0)) + sum(samplesOf(1));
  const rescaled = 2 * both - 10 * rows * columns * 2;
  assert.deepEqual(await load(`${instance}/frames/1/numpy?rescale=0`), [
    'uint16',
    [rows, columns, 1],
    106,
    sum(samplesOf(1)),
  ]);
  assert.deepEqual(await load(`${instance}/numpy?rescale=0`), ['uint16', [2, rows, columns, 1], 6, both]);
  assert.deepEqual(await load(`${instance}/numpy?compress=1`), ['float32', [2, rows, columns, 1], 2, rescaled]);
  assert.deepEqual(await load(`${series}/numpy`), ['float32', [2, rows, columns, 1], 2, rescaled]);
});

test('a lossy file is another image, and says from which it was made', async () => {
  const eight = Buffer.from(Uint8Array.from({ length: rows * columns }, (_, at) => (at % columns) * 10));
  const grey = await upload(
    file([
      { tag: Tag.NumberOfFrames, value: 1 },
      { tag: Tag.BitsAllocated, value: 8 },
      { tag: Tag.BitsStored, value: 8 },
      { tag: Tag.HighBit, value: 7 },
      { tag: Tag.PixelData, vr: 'OB', value: eight },
    ]),
  );
  const { body } = await ask(`${grey}/file?transcode=${root}.4.50&lossy-quality=80`);
  const { dataSet } = parsePart10(body);
  assert.notEqual(dataSet.text(Tag.SOPInstanceUID), '1.2.3.4');
  assert.equal(dataSet.items(Tag.SourceImageSequence)[0]?.text(Tag.ReferencedSOPInstanceUID), '1.2.3.4');
  assert.equal(dataSet.text(Tag.LossyImageCompression), '01');
  assert.equal(dataSet.text(Tag.LossyImageCompressionMethod), 'ISO_10918_1');
  assert.equal(dataSet.texts(Tag.ImageType)[0], 'DERIVED');
});
