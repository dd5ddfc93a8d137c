// Transfer syntaxes (PS3.5 10, A; PS3.6 A): how a data set is encoded, and whether its pixel data is encapsulated.

export interface TransferSyntax {
  readonly uid: string;
  readonly keyword: string;
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  /** The data set itself is deflated (PS3.5 A.5). */
  readonly deflated: boolean;
  /** Pixel data comes in fragments (PS3.5 A.4). */
  readonly encapsulated: boolean;
}

const root = '1.2.840.10008.1.2';

function native(suffix: string, keyword: string, changes: Partial<TransferSyntax> = {}): TransferSyntax {
  const uid = root + suffix;
  return { uid, keyword, explicitVr: true, littleEndian: true, deflated: false, encapsulated: false, ...changes };
}

const encapsulated: Readonly<Record<string, string>> = {
  '.1.98': 'EncapsulatedUncompressedExplicitVRLittleEndian',
  '.4.50': 'JPEGBaseline8Bit',
  '.4.51': 'JPEGExtended12Bit',
  '.4.52': 'JPEGExtended35',
  '.4.53': 'JPEGSpectralSelectionNonHierarchical68',
  '.4.54': 'JPEGSpectralSelectionNonHierarchical79',
  '.4.55': 'JPEGFullProgressionNonHierarchical1012',
  '.4.56': 'JPEGFullProgressionNonHierarchical1113',
  '.4.57': 'JPEGLossless',
  '.4.58': 'JPEGLosslessNonHierarchical15',
  '.4.59': 'JPEGExtendedHierarchical1618',
  '.4.60': 'JPEGExtendedHierarchical1719',
  '.4.61': 'JPEGSpectralSelectionHierarchical2022',
  '.4.62': 'JPEGSpectralSelectionHierarchical2123',
  '.4.63': 'JPEGFullProgressionHierarchical2426',
  '.4.64': 'JPEGFullProgressionHierarchical2527',
  '.4.65': 'JPEGLosslessHierarchical28',
  '.4.66': 'JPEGLosslessHierarchical29',
  '.4.70': 'JPEGLosslessSV1',
  '.4.80': 'JPEGLSLossless',
  '.4.81': 'JPEGLSNearLossless',
  '.4.90': 'JPEG2000Lossless',
  '.4.91': 'JPEG2000',
  '.4.92': 'JPEG2000MCLossless',
  '.4.93': 'JPEG2000MC',
  '.4.100': 'MPEG2MPML',
  '.4.100.1': 'MPEG2MPMLF',
  '.4.101': 'MPEG2MPHL',
  '.4.101.1': 'MPEG2MPHLF',
  '.4.102': 'MPEG4HP41',
  '.4.102.1': 'MPEG4HP41F',
  '.4.103': 'MPEG4HP41BD',
  '.4.103.1': 'MPEG4HP41BDF',
  '.4.104': 'MPEG4HP422D',
  '.4.104.1': 'MPEG4HP422DF',
  '.4.105': 'MPEG4HP423D',
  '.4.105.1': 'MPEG4HP423DF',
  '.4.106': 'MPEG4HP42STEREO',
  '.4.106.1': 'MPEG4HP42STEREOF',
  '.4.107': 'HEVCMP51',
  '.4.108': 'HEVCM10P51',
  '.4.110': 'JPEGXLLossless',
  '.4.111': 'JPEGXLJPEGRecompression',
  '.4.112': 'JPEGXL',
  '.4.201': 'HTJ2KLossless',
  '.4.202': 'HTJ2KLosslessRPCL',
  '.4.203': 'HTJ2K',
  '.5': 'RLELossless',
  '.8.1': 'DeflatedImageFrameCompression',
};

/** All that Pharos knows; files in any of them can be stored, whether or not their pixels can be decoded. */
export const transferSyntaxes: readonly TransferSyntax[] = [
  native('', 'ImplicitVRLittleEndian', { explicitVr: false }),
  native('.1', 'ExplicitVRLittleEndian'),
  native('.1.99', 'DeflatedExplicitVRLittleEndian', { deflated: true }),
  native('.2', 'ExplicitVRBigEndian', { littleEndian: false }),
  ...Object.entries(encapsulated).map(([suffix, keyword]) => native(suffix, keyword, { encapsulated: true })),
  native('.4.94', 'JPIPReferenced'),
  native('.4.95', 'JPIPReferencedDeflate', { deflated: true }),
  native('.4.204', 'JPIPHTJ2KReferenced'),
  native('.4.205', 'JPIPHTJ2KReferencedDeflate', { deflated: true }),
  native('.6.1', 'RFC2557MIMEEncapsulation'),
  native('.6.2', 'XMLEncoding'),
];

const byUid: ReadonlyMap<string, TransferSyntax> = new Map(transferSyntaxes.map((syntax) => [syntax.uid, syntax]));

/** Undefined for a UID that is no transfer syntax known here, private ones included. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return byUid.get(uid);
}
