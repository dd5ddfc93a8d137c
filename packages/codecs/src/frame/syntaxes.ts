// What can be done with each transfer syntax (PS3.5 10, A.4; PS3.6 A), without loading what does it.

export type CodecFamily =
  | 'pmsct-rle'
  | 'rle'
  | 'jpeg'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k'
  | 'jpeg-xl'
  | 'encapsulated-native';

export interface SyntaxAbility {
  readonly decodes: boolean;
  readonly encodes: boolean;
  /** Encoding changes pixels. */
  readonly isLossy: boolean;
  readonly family?: CodecFamily;
  /** Why frames of it are not decoded, for people. */
  readonly reason?: string;
}

const root = '1.2.840.10008.1.2';

/** Files with pixels in a private element of Elscint are in a syntax without compression: this one stands for what is in there. */
export const privateElscint = '1.3.46.670589.33.1.4.1';

const lossless = (family: CodecFamily): SyntaxAbility => ({ family, decodes: true, encodes: true, isLossy: false });
const lossy = (family: CodecFamily): SyntaxAbility => ({ family, decodes: true, encodes: true, isLossy: true });
const decoded = (family: CodecFamily, isLossy: boolean): SyntaxAbility => ({
  family,
  decodes: true,
  encodes: false,
  isLossy,
});
const none = (reason: string, isLossy = true): SyntaxAbility => ({ decodes: false, encodes: false, isLossy, reason });

const video = none('Videos are handed out as they are, not taken apart into pictures');
const reference = none('The pixels are at another server, which the file only names', false);

const abilities: Readonly<Record<string, SyntaxAbility>> = {
  [`${root}.1.98`]: lossless('encapsulated-native'),
  [`${root}.4.50`]: lossy('jpeg'),
  [`${root}.4.51`]: lossy('jpeg'),
  ...Object.fromEntries(
    [52, 53, 54, 55, 56, 59, 60, 61, 62, 63, 64].map((n) => [`${root}.4.${n}`, decoded('jpeg', true)]),
  ),
  [`${root}.4.57`]: lossless('jpeg'),
  [`${root}.4.58`]: decoded('jpeg', false),
  [`${root}.4.65`]: decoded('jpeg', false),
  [`${root}.4.66`]: decoded('jpeg', false),
  [`${root}.4.70`]: lossless('jpeg'),
  [`${root}.4.80`]: lossless('jpeg-ls'),
  [`${root}.4.81`]: lossy('jpeg-ls'),
  [`${root}.4.90`]: lossless('jpeg-2000'),
  [`${root}.4.91`]: lossy('jpeg-2000'),
  [`${root}.4.92`]: decoded('jpeg-2000', false),
  [`${root}.4.93`]: decoded('jpeg-2000', true),
  [`${root}.4.94`]: reference,
  [`${root}.4.95`]: reference,
  ...Object.fromEntries([100, 101, 102, 103, 104, 105, 106, 107, 108].map((n) => [`${root}.4.${n}`, video])),
  ...Object.fromEntries([100, 101, 102, 103, 104, 105, 106].map((n) => [`${root}.4.${n}.1`, video])),
  [`${root}.4.110`]: lossless('jpeg-xl'),
  [`${root}.4.111`]: decoded('jpeg-xl', true),
  [`${root}.4.112`]: decoded('jpeg-xl', true),
  [`${root}.4.201`]: lossless('htj2k'),
  [`${root}.4.202`]: lossless('htj2k'),
  [`${root}.4.203`]: lossy('htj2k'),
  [`${root}.4.204`]: reference,
  [`${root}.4.205`]: reference,
  [`${root}.5`]: lossless('rle'),
  [privateElscint]: decoded('pmsct-rle', false),
};

const unknown = none('The transfer syntax is not known', false);

/** Syntaxes without compression need no codec: neither decoded nor encoded here. */
export function abilityOf(transferSyntax: string): SyntaxAbility {
  return abilities[transferSyntax] ?? unknown;
}

const methods: Readonly<Partial<Record<CodecFamily, string>>> = {
  jpeg: 'ISO_10918_1',
  'jpeg-ls': 'ISO_14495_1',
  'jpeg-2000': 'ISO_15444_1',
  htj2k: 'ISO_15444_15',
  'jpeg-xl': 'ISO_18181_1',
};

/** Defined term of Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1). undefined: nothing is lost. */
export function lossyMethodOf(transferSyntax: string): string | undefined {
  const { isLossy, family } = abilityOf(transferSyntax);
  return isLossy && family ? methods[family] : undefined;
}

const nativeSyntaxes = new Set(['', '.1', '.1.99', '.2'].map((suffix) => root + suffix));

/** Whether frames are samples, without compression. */
export function isNativeSyntax(transferSyntax: string): boolean {
  return nativeSyntaxes.has(transferSyntax);
}
