// Settings that REST may change while the server runs: default encoding, accepted transfer syntaxes and SOP classes.
import { encodingNames, matchesWildcard, storageSopClasses, transferSyntaxes } from '@pharos/dicom';
import { PharosError, type Settings } from '../../model/index.ts';
import type { LiveSettings } from '../services.ts';

const root = '1.2.840.10008.1.2.';

/** Groups of transfer syntaxes that one option adds or takes away, after AcceptedTransferSyntaxes. */
const groups: readonly (readonly [keyof GroupSettings, (uid: string) => boolean])[] = [
  ['DeflatedTransferSyntaxAccepted', oneOf('1.99')],
  ['JpegTransferSyntaxAccepted', (uid) => between(uid, 50, 66) || uid === `${root}4.70`],
  ['Jpeg2000TransferSyntaxAccepted', (uid) => between(uid, 90, 93)],
  ['JpegLosslessTransferSyntaxAccepted', oneOf('4.80', '4.81')],
  ['JpipTransferSyntaxAccepted', oneOf('4.94', '4.95')],
  ['Mpeg2TransferSyntaxAccepted', oneOf('4.100', '4.101')],
  ['Mpeg4TransferSyntaxAccepted', (uid) => between(uid, 102, 106)],
  ['H265TransferSyntaxAccepted', oneOf('4.107', '4.108')],
  ['RleTransferSyntaxAccepted', oneOf('5')],
];

type GroupSettings = Pick<
  Settings,
  | 'DeflatedTransferSyntaxAccepted'
  | 'JpegTransferSyntaxAccepted'
  | 'Jpeg2000TransferSyntaxAccepted'
  | 'JpegLosslessTransferSyntaxAccepted'
  | 'JpipTransferSyntaxAccepted'
  | 'Mpeg2TransferSyntaxAccepted'
  | 'Mpeg4TransferSyntaxAccepted'
  | 'H265TransferSyntaxAccepted'
  | 'RleTransferSyntaxAccepted'
>;

export type LiveDefaults = GroupSettings &
  Pick<
    Settings,
    | 'DefaultEncoding'
    | 'AcceptedTransferSyntaxes'
    | 'AcceptedSopClasses'
    | 'RejectedSopClasses'
    | 'UnknownSopClassAccepted'
  >;

function oneOf(...ends: readonly string[]): (uid: string) => boolean {
  return (uid) => ends.some((end) => uid === root + end);
}

/** Compressed syntaxes are numbered 1.2.840.10008.1.2.4.N. */
function between(uid: string, first: number, last: number): boolean {
  const number = uid.startsWith(`${root}4.`) ? Number(uid.slice(root.length + 2)) : Number.NaN;
  return number >= first && number <= last;
}

function byNumbers(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differing = left.findIndex((part, at) => part !== right[at]);
  if (differing < 0) return left.length - right.length;
  return (left[differing] ?? -1) - (right[differing] ?? -1);
}

function select(known: readonly string[], patterns: readonly string[]): readonly string[] {
  return known.filter((uid) => patterns.some((pattern) => matchesWildcard(pattern, uid)));
}

const knownSyntaxes = transferSyntaxes.map(({ uid }) => uid).sort(byNumbers);
const knownClasses = storageSopClasses.map(({ uid }) => uid).sort();

function initialSyntaxes(settings: LiveDefaults): ReadonlySet<string> {
  const accepted = new Set(select(knownSyntaxes, settings.AcceptedTransferSyntaxes));
  for (const [option, contains] of groups) {
    const wanted = settings[option];
    if (wanted === undefined) continue;
    for (const uid of knownSyntaxes.filter(contains)) {
      if (wanted) accepted.add(uid);
      else accepted.delete(uid);
    }
  }
  return accepted;
}

function initialClasses(settings: LiveDefaults): ReadonlySet<string> {
  const accepted = settings.AcceptedSopClasses ? select(knownClasses, settings.AcceptedSopClasses) : knownClasses;
  const rejected = new Set(select(accepted, settings.RejectedSopClasses));
  return new Set(accepted.filter((uid) => !rejected.has(uid)));
}

/** Case does not count. @throws PharosError ParameterOutOfRange */
function encodingOf(name: string): { readonly name: string; readonly charset: string } {
  const wanted = name.toLowerCase();
  const known = Object.entries(encodingNames).find(([each]) => each.toLowerCase() === wanted);
  if (!known) throw new PharosError('ParameterOutOfRange', `Unknown encoding: ${name.slice(0, 64)}`);
  return { name: known[0], charset: known[1] };
}

/** Starts with what the configuration says. */
export function createLiveSettings(settings: LiveDefaults): LiveSettings {
  let encoding = encodingOf(settings.DefaultEncoding);
  let syntaxes = initialSyntaxes(settings);
  let unknownAccepted = settings.UnknownSopClassAccepted;
  const classes = initialClasses(settings);
  return {
    defaultEncoding: () => encoding.name,
    fallbackCharset: () => encoding.charset,
    setDefaultEncoding(name) {
      encoding = encodingOf(name);
    },
    acceptedTransferSyntaxes: () => knownSyntaxes.filter((uid) => syntaxes.has(uid)),
    isTransferSyntaxAccepted: (uid) => syntaxes.has(uid),
    setAcceptedTransferSyntaxes(patterns) {
      syntaxes = new Set(select(knownSyntaxes, patterns));
    },
    acceptedSopClasses: () => [...classes],
    isSopClassAccepted: (uid) => classes.has(uid),
    unknownSopClassAccepted: () => unknownAccepted,
    setUnknownSopClassAccepted(accepted) {
      unknownAccepted = accepted;
    },
  };
}
