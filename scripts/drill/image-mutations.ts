// Damaged images: files of every compression, changed where a careless decoder would stumble. The same for the same number.
import { globSync, readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { createCodecs, type Frame, frameFormatOf } from '@pharos/codecs';
import {
  type DataSet,
  type ElementInit,
  editDataSet,
  encodePart10,
  parsePart10,
  Tag,
  transferSyntaxOf,
} from '@pharos/dicom';
import { syntheticInstance } from '@pharos/testkit';

export interface Seed {
  readonly name: string;
  readonly transferSyntax: string;
  readonly dataSet: DataSet;
  /** Of encapsulated pixels: the offset table first. Native: one. */
  readonly fragments: readonly Uint8Array[];
}

/** Numbers that follow each other without a pattern; the same for the same start. */
export function createDice(start: number): (sides: number) => number {
  let state = (start * 2654435761 + 1) >>> 0;
  return (sides) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % sides;
  };
}

const root = '1.2.840.10008.1.2';
const compressed = [
  '.5',
  '.4.50',
  '.4.51',
  '.4.57',
  '.4.70',
  '.4.80',
  '.4.81',
  '.4.90',
  '.4.91',
  '.4.110',
  '.4.201',
  '.4.202',
  '.4.203',
];
const mostSeedBytes = 600_000;

function seedOf(name: string, file: Uint8Array): Seed | undefined {
  const inflateRaw = (bytes: Uint8Array): Uint8Array => inflateRawSync(bytes, { finishFlush: 2 });
  const { dataSet, transferSyntax } = parsePart10(file, { stopAt: 'end', inflateRaw });
  const element = dataSet.element(Tag.PixelData);
  const fragments = element?.fragments ?? (element ? [element.bytes] : []);
  if (fragments.length === 0) return undefined;
  return { name, transferSyntax, dataSet, fragments };
}

/** One synthetic image in every compression, and real ones from npm packages and the folder. */
export async function imageSeeds(folders: readonly string[]): Promise<readonly Seed[]> {
  const native = seedOf('native', syntheticInstance({ kind: 'mr', patient: 0, study: 0, series: 0, instance: 0 }));
  if (!native) throw new Error('The synthetic image has no pixels');
  const frame: Frame = { format: frameFormatOf(native.dataSet), bytes: native.fragments[0] ?? new Uint8Array(0) };
  const byte: Frame = {
    format: { ...frame.format, bitsAllocated: 8, bitsStored: 8, highBit: 7 },
    bytes: frame.bytes.filter((_, at) => at % 2 === 0),
  };
  const codecOf = createCodecs();
  const made = compressed.flatMap((suffix): readonly Seed[] => {
    const isByte = suffix === '.4.50' || suffix === '.4.51';
    const encoded = codecOf(root + suffix).encode?.(isByte ? byte : frame, { quality: 80 });
    if (!encoded) return [];
    const bits: readonly ElementInit[] = isByte
      ? [
          { tag: Tag.BitsAllocated, value: 8 },
          { tag: Tag.BitsStored, value: 8 },
          { tag: Tag.HighBit, value: 7 },
        ]
      : [];
    const dataSet = editDataSet(native.dataSet, bits);
    return [{ name: suffix, transferSyntax: root + suffix, dataSet, fragments: [new Uint8Array(0), encoded.bytes] }];
  });
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*`, { withFileTypes: true }));
  const real = files.flatMap((entry): readonly Seed[] => {
    if (!entry.isFile()) return [];
    try {
      const bytes = readFileSync(`${entry.parentPath}/${entry.name}`);
      const seed = bytes.byteLength <= mostSeedBytes ? seedOf(entry.name, bytes) : undefined;
      return seed ? [seed] : [];
    } catch {
      // Not a DICOM file.
      return [];
    }
  });
  return [native, ...made, ...real];
}

type Dice = (sides: number) => number;

const lies: readonly ((dice: Dice) => ElementInit)[] = [
  (dice) => ({ tag: Tag.Rows, value: [0, 1, 65_535, 32_768, 255][dice(5)] ?? 0 }),
  (dice) => ({ tag: Tag.Columns, value: [0, 1, 65_535, 32_768, 257][dice(5)] ?? 0 }),
  (dice) => ({ tag: Tag.NumberOfFrames, value: ['0', '2', '1000', '2000000000', '-1', 'x'][dice(6)] ?? '' }),
  (dice) => ({ tag: Tag.SamplesPerPixel, value: [0, 2, 3, 4, 65_535][dice(5)] ?? 0 }),
  (dice) => ({ tag: Tag.BitsAllocated, value: [0, 1, 8, 12, 16, 32, 64, 65_535][dice(8)] ?? 0 }),
  (dice) => ({ tag: Tag.BitsStored, value: [0, 1, 7, 16, 33, 65_535][dice(6)] ?? 0 }),
  (dice) => ({ tag: Tag.HighBit, value: [0, 15, 31, 65_535][dice(4)] ?? 0 }),
  (dice) => ({ tag: Tag.PixelRepresentation, value: dice(3) }),
  (dice) => ({ tag: Tag.PlanarConfiguration, value: dice(3) }),
  (dice) => ({
    tag: Tag.PhotometricInterpretation,
    value: ['RGB', 'PALETTE COLOR', 'YBR_FULL_422', 'YBR_FULL', 'YBR_ICT', 'MONOCHROME1', 'NONE', ''][dice(8)] ?? '',
  }),
  (dice) => ({ tag: Tag.WindowWidth, value: ['0', '-1', '1e300', 'x'][dice(4)] ?? '' }),
  (dice) => ({ tag: Tag.RescaleSlope, value: ['0', '1e308', '-1e-300'][dice(3)] ?? '' }),
  (dice) => ({
    tag: Tag.RedPaletteColorLookupTableDescriptor,
    vr: 'US',
    value: [dice(65_536), dice(65_536), dice(20)],
  }),
  (dice) => ({ tag: Tag.RedPaletteColorLookupTableData, vr: 'OW', value: new Uint8Array(dice(64) * 2) }),
];

/** Bits turned, bytes of a kind, a part left out, a part twice, an early end. */
export function damaged(bytes: Uint8Array, dice: Dice): Uint8Array {
  const changed = Uint8Array.from(bytes);
  if (changed.length === 0) return changed;
  const kind = dice(5);
  if (kind === 0) return changed.subarray(0, dice(changed.length));
  if (kind === 1)
    return Buffer.concat([changed.subarray(0, dice(changed.length)), changed.subarray(dice(changed.length))]);
  if (kind === 2) return changed.fill(dice(2) * 255, dice(changed.length));
  // Headers are where decoders are told what to do: they are hit as often as all the rest.
  const reach = dice(2) === 0 ? Math.min(64, changed.length) : changed.length;
  for (let times = 1 + dice(8); times > 0; times--) changed[dice(reach)] = dice(256);
  return changed;
}

function fragmentsOf({ fragments, transferSyntax }: Seed, dice: Dice): ElementInit['value'] {
  if (!transferSyntaxOf(transferSyntax)?.encapsulated) return damaged(fragments[0] ?? new Uint8Array(0), dice);
  const changed = [...fragments];
  const at = dice(changed.length);
  changed[at] =
    at === 0
      ? Uint8Array.from({ length: dice(5) * 4 }, () => dice(256))
      : damaged(changed[at] ?? new Uint8Array(0), dice);
  if (dice(6) === 0) changed.splice(dice(changed.length), 1);
  if (dice(6) === 0) changed.push(...changed.slice(dice(changed.length)));
  return { fragments: changed };
}

/** @param number tells how it is damaged, and makes it an instance of its own */
export function mutatedImage(
  seeds: readonly Seed[],
  number: number,
): { readonly name: string; readonly file: Uint8Array } {
  const dice = createDice(number);
  const seed = seeds[dice(seeds.length)];
  if (!seed) throw new Error('There is nothing to damage');
  const changes: ElementInit[] = [{ tag: Tag.SOPInstanceUID, value: `1.2.826.0.1.3680043.10.1530.99.${number}` }];
  const isLying = dice(2) === 0;
  const isDamaged = !isLying || dice(2) === 0;
  for (let times = isLying ? 1 + dice(2) : 0; times > 0; times--) {
    const lie = lies[dice(lies.length)];
    if (lie) changes.push(lie(dice));
  }
  const kept = seed.fragments[0] ?? new Uint8Array(0);
  const isEncapsulated = transferSyntaxOf(seed.transferSyntax)?.encapsulated === true;
  const whole: ElementInit['value'] = isEncapsulated ? { fragments: seed.fragments } : kept;
  const vr = seed.dataSet.vr(Tag.PixelData);
  changes.push({ tag: Tag.PixelData, vr: vr ?? 'OW', value: isDamaged ? fragmentsOf(seed, dice) : whole });
  const transferSyntax = transferSyntaxOf(seed.transferSyntax)?.deflated ? `${root}.1` : seed.transferSyntax;
  return { name: seed.name, file: encodePart10({ dataSet: editDataSet(seed.dataSet, changes), transferSyntax }) };
}
