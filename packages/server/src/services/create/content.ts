// The content of a new instance, as a client gives it: a picture, raw pixels, a document.
import { CodecError, type Picture, type ReadablePictureType, readJpegHeader, readPicture } from '@pharos/codecs';
import { type ElementInit, Tag } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import { type DataUri, parseDataUri } from '../tags/index.ts';

export interface Content {
  /** In the place of those of the same tag. */
  readonly elements: readonly ElementInit[];
  /** Where the client gives no other. */
  readonly defaults: readonly ElementInit[];
  readonly transferSyntax?: string;
}

const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
const jpegBaseline = '1.2.840.10008.1.2.4.50';
const baselineProcess = 0xc0;
const pictureTypes: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/x-portable-arbitrarymap',
] satisfies readonly ReadablePictureType[];

interface DocumentKind {
  readonly sopClassUid: string;
  readonly modality: string;
  readonly defaults?: readonly ElementInit[];
}

const documents: Readonly<Record<string, DocumentKind>> = {
  'application/pdf': {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1',
    modality: 'OT',
    defaults: [{ tag: Tag.ConversionType, value: 'WSD' }],
  },
  'model/stl': { sopClassUid: '1.2.840.10008.5.1.4.1.1.104.3', modality: 'M3D' },
  'model/obj': { sopClassUid: '1.2.840.10008.5.1.4.1.1.104.4', modality: 'M3D' },
  'model/mtl': { sopClassUid: '1.2.840.10008.5.1.4.1.1.104.5', modality: 'M3D' },
};

const isPictureType = (mime: string): mime is ReadablePictureType => pictureTypes.includes(mime);

function damaged(error: unknown): unknown {
  if (!(error instanceof CodecError)) return error;
  return new PharosError('BadFileFormat', { details: error.message, cause: error });
}

/** The Image Pixel module (PS3.3 C.7.6.3). */
function imagePixel(rows: number, columns: number, samples: 1 | 3, bits: 8 | 16): readonly ElementInit[] {
  return [
    { tag: Tag.SamplesPerPixel, value: samples },
    { tag: Tag.Rows, value: rows },
    { tag: Tag.Columns, value: columns },
    { tag: Tag.BitsAllocated, value: bits },
    { tag: Tag.BitsStored, value: bits },
    { tag: Tag.HighBit, value: bits - 1 },
    { tag: Tag.PixelRepresentation, value: 0 },
    ...(samples === 3 ? [{ tag: Tag.PlanarConfiguration, value: 0 }] : []),
  ];
}

const imageDefaults: readonly ElementInit[] = [{ tag: Tag.SOPClassUID, value: secondaryCapture }];

function pictureContent({ kind, width, height, samples }: Picture): Content {
  const isColour = kind === 'rgb8' || kind === 'rgb16';
  const bits = samples instanceof Uint8Array ? 8 : 16;
  const value = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return {
    elements: [
      ...imagePixel(height, width, isColour ? 3 : 1, bits),
      ...(isColour ? [{ tag: Tag.PhotometricInterpretation, value: 'RGB' }] : []),
      { tag: Tag.PixelData, vr: bits === 8 ? 'OB' : 'OW', value },
    ],
    // Clients may say that small values are bright.
    defaults: [...imageDefaults, ...(isColour ? [] : [{ tag: Tag.PhotometricInterpretation, value: 'MONOCHROME2' }])],
  };
}

function documentContent({ mime, bytes }: DataUri, { sopClassUid, modality, defaults = [] }: DocumentKind): Content {
  const isPdf = mime === 'application/pdf';
  if (isPdf && Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-') {
    throw new PharosError('BadFileFormat', 'The content is not a PDF file');
  }
  return {
    elements: [
      { tag: Tag.MIMETypeOfEncapsulatedDocument, value: mime },
      { tag: Tag.EncapsulatedDocument, vr: 'OB', value: bytes },
    ],
    defaults: [{ tag: Tag.SOPClassUID, value: sopClassUid }, { tag: Tag.Modality, value: modality }, ...defaults],
  };
}

/** @throws PharosError BadFileFormat, ParameterOutOfRange */
export async function contentOf(text: string): Promise<Content> {
  const uri = parseDataUri(text);
  if (!uri) throw new PharosError('BadFileFormat', 'The content must be a data URI in base64');
  const { mime, bytes } = uri;
  if (isPictureType(mime)) {
    return pictureContent(
      await readPicture(bytes, mime).catch((error: unknown) => {
        throw damaged(error);
      }),
    );
  }
  if (mime === 'application/octet-stream') {
    return { elements: [{ tag: Tag.PixelData, vr: 'OW', value: bytes }], defaults: imageDefaults };
  }
  const kind = Object.hasOwn(documents, mime) ? documents[mime] : undefined;
  if (kind) return documentContent(uri, kind);
  throw new PharosError('ParameterOutOfRange', `Content of type "${mime.slice(0, 64)}" does not go into a DICOM file`);
}

/** A JPEG file as it is, in the transfer syntax that it is one frame of. @throws PharosError BadFileFormat, NotImplemented */
export function encapsulatedContent(text: string): Content {
  const uri = parseDataUri(text);
  if (uri?.mime !== 'image/jpeg') throw new PharosError('NotImplemented', 'Only JPEG pictures are kept compressed');
  const { rows, columns, components, precision, process } = headerOf(uri.bytes);
  if (precision !== 8 || process !== baselineProcess || (components !== 1 && components !== 3)) {
    throw new PharosError(
      'NotImplemented',
      'Only baseline JPEG pictures, grey or of three components, are kept compressed',
    );
  }
  const photometric = components === 3 ? 'YBR_FULL_422' : 'MONOCHROME2';
  return {
    transferSyntax: jpegBaseline,
    elements: [
      ...imagePixel(rows, columns, components, 8),
      { tag: Tag.PhotometricInterpretation, value: photometric },
      { tag: Tag.LossyImageCompression, value: '01' },
      { tag: Tag.LossyImageCompressionMethod, value: 'ISO_10918_1' },
      { tag: Tag.PixelData, vr: 'OB', value: { fragments: [new Uint8Array(0), uri.bytes] } },
    ],
    defaults: imageDefaults,
  };
}

function headerOf(bytes: Uint8Array) {
  try {
    return readJpegHeader(bytes);
  } catch (error) {
    throw damaged(error);
  }
}
