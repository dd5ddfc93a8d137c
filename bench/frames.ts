// One frame of large files of many frames: what the first request for a frame costs, what a later one, and what of the file is read.
//
//     node bench/frames.ts [--frames 1000]
import { parseArgs } from 'node:util';
import { createCodecs, type FrameFormat } from '@pharos/codecs';
import { createDataSet, type ElementInit, encodePart10, Tag } from '@pharos/dicom';
import { type ServerProcess, startServer } from '@pharos/testkit';

const { values } = parseArgs({ options: { frames: { type: 'string', default: '1000' } } });
const frames = Number(values.frames);
const root = '1.2.840.10008.1.2';
const explicit = `${root}.1`;
const edge = 336;
const format: FrameFormat = {
  rows: edge,
  columns: edge,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  planarConfiguration: 0,
  photometricInterpretation: 'MONOCHROME2',
};

/** Noise, so that compressed frames have 100 KB as well. */
function noise(): Uint8Array {
  let state = 12345;
  return Uint8Array.from({ length: edge * edge }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state >>> 20;
  });
}

type Table = 'none' | 'basic' | 'extended';

function tableOf(offsets: readonly number[], width: 4 | 8): Uint8Array {
  const table = Buffer.alloc(offsets.length * width);
  for (const [at, offset] of offsets.entries()) {
    if (width === 4) table.writeUInt32LE(offset, at * width);
    else table.writeBigUInt64LE(BigInt(offset), at * width);
  }
  return table;
}

function encapsulated(frame: Uint8Array, table: Table, pieces: 1 | 2): readonly ElementInit[] {
  const even = frame.byteLength % 2 === 0 ? frame : Buffer.concat([frame, new Uint8Array(1)]);
  const half = even.byteLength / 2 - ((even.byteLength / 2) % 2);
  const parts = pieces === 1 ? [even] : [even.subarray(0, half), even.subarray(half)];
  const step = even.byteLength + parts.length * 8;
  const offsets = Array.from({ length: frames }, (_, number) => number * step);
  const basic = table === 'basic' ? tableOf(offsets, 4) : new Uint8Array(0);
  const lengths = offsets.map(() => even.byteLength);
  const extended: readonly ElementInit[] = [
    { tag: Tag.ExtendedOffsetTable, vr: 'OV', value: tableOf(offsets, 8) },
    { tag: Tag.ExtendedOffsetTableLengths, vr: 'OV', value: tableOf(lengths, 8) },
  ];
  const all = Array.from({ length: frames }, () => parts).flat();
  return [
    ...(table === 'extended' ? extended : []),
    { tag: Tag.PixelData, vr: 'OB', value: { fragments: [basic, ...all] } },
  ];
}

function fileOf(number: number, transferSyntax: string, elements: readonly ElementInit[]): Uint8Array {
  const all: ElementInit[] = [
    { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.7.2' },
    { tag: Tag.SOPInstanceUID, value: `1.2.826.0.1.3680043.10.1530.98.${number}` },
    { tag: Tag.StudyInstanceUID, value: '1.2.3' },
    { tag: Tag.SeriesInstanceUID, value: '1.2.3.1' },
    { tag: Tag.PatientID, value: 'P' },
    { tag: Tag.SamplesPerPixel, value: 1 },
    { tag: Tag.PhotometricInterpretation, value: 'MONOCHROME2' },
    { tag: Tag.NumberOfFrames, value: frames },
    { tag: Tag.Rows, value: edge },
    { tag: Tag.Columns, value: edge },
    { tag: Tag.BitsAllocated, value: 8 },
    { tag: Tag.BitsStored, value: 8 },
    { tag: Tag.HighBit, value: 7 },
    { tag: Tag.PixelRepresentation, value: 0 },
    ...elements,
  ];
  return encodePart10({ dataSet: createDataSet(all), transferSyntax });
}

async function timed(server: ServerProcess, path: string): Promise<number> {
  const begun = performance.now();
  const response = await fetch(server.url + path);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path} gave ${response.status}`);
  return performance.now() - begun;
}

/** Milliseconds of the median of frames all over the file. */
async function median(server: ServerProcess, instance: string, view: string): Promise<number> {
  const times: number[] = [];
  for (let at = 1; at <= 40; at++) times.push(await timed(server, `${instance}/frames/${(at * 379) % frames}/${view}`));
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

const kibibyte = 1024;

async function readBytes(server: ServerProcess): Promise<number> {
  const text = await (await fetch(`${server.url}/tools/metrics-prometheus`)).text();
  return Number(/^orthanc_storage_read_bytes (\d+)/m.exec(text)?.[1] ?? 0);
}

async function measure(server: ServerProcess, name: string, file: Uint8Array): Promise<void> {
  const stored = await fetch(`${server.url}/instances`, { method: 'POST', body: Buffer.from(file) });
  const instance = `/instances/${JSON.parse(await stored.text()).ID}`;
  const before = await server.memory();
  const readBefore = await readBytes(server);
  const first = await timed(server, `${instance}/frames/${frames - 2}/raw`);
  const read = (await readBytes(server)) - readBefore;
  const raw = await median(server, instance, 'raw');
  const preview = await median(server, instance, 'preview');
  const { rss } = await server.memory();
  const row = [
    name.padEnd(34),
    `${(file.byteLength / 1e6).toFixed(0)} MB`,
    `first ${first.toFixed(1)} ms (${Math.round(read / kibibyte)} KB read)`,
    `raw ${raw.toFixed(2)} ms`,
    `preview ${preview.toFixed(2)} ms`,
    `memory +${Math.round(rss - before.rss)} MB`,
  ];
  process.stdout.write(`${row.join('   ')}\n`);
}

const codecOf = createCodecs();
const pixels = noise();
const server = await startServer();
const encodedBy = (suffix: string): Uint8Array => {
  const encoded = codecOf(root + suffix).encode?.({ format, bytes: pixels }, { quality: 97 });
  if (!encoded) throw new Error(`There is no encoder for ${suffix}`);
  return encoded.bytes;
};
// Once in small, so that nothing is compiled for the first time below.
await measure(server, 'to begin with', fileOf(0, `${root}.5`, encapsulated(encodedBy('.5'), 'none', 1)));
const native = Buffer.concat(Array.from({ length: frames }, () => pixels));
await measure(server, 'native', fileOf(1, explicit, [{ tag: Tag.PixelData, vr: 'OB', value: native }]));
let number = 2;
for (const [name, suffix] of [
  ['RLE', '.5'],
  ['JPEG', '.4.50'],
] as const) {
  const frame = encodedBy(suffix);
  const cases: readonly (readonly [Table, 1 | 2])[] = [
    ['none', 1],
    ['basic', 1],
    ['basic', 2],
    ['extended', 1],
  ];
  for (const [table, pieces] of cases) {
    const title = `${name}, ${table} offset table, ${pieces} a frame`;
    await measure(server, title, fileOf(number++, root + suffix, encapsulated(frame, table, pieces)));
  }
}
await server.discard();
