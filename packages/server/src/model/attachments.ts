// Attachments: files that belong to a resource, numbered; number 1 is the DICOM file itself.
import { createNumberRegistry, type NumberRegistry } from './metadata.ts';

export const Attachment = { dicom: 1, 'dicom-as-json': 2, 'dicom-until-pixel-data': 3 } as const;

export type AttachmentType = number;

/** How the bytes are stored. `zlib` is Orthanc's: 8 bytes little-endian uncompressed size, then a zlib stream. */
export type Compression = 'none' | 'zlib';

export interface AttachmentInfo {
  readonly type: AttachmentType;
  /** Lower-case UUID v4; also the key of its blob. */
  readonly uuid: string;
  readonly compression: Compression;
  /** Bytes of the content. */
  readonly uncompressedSize: number;
  /** Bytes as stored. */
  readonly compressedSize: number;
  /** Lower-case hex; '' where StoreMD5ForAttachments is off; undefined until somebody asks (docs/adr/0006): then `crc32` is there. */
  readonly uncompressedMd5: string | undefined;
  readonly compressedMd5: string | undefined;
  /** Of the content as stored; kept as long as its MD5 is not known. */
  readonly crc32?: number;
  readonly revision: number;
}

/** MD5 sums that are known, or not kept. */
export type KnownMd5 = { readonly [Name in 'uncompressedMd5' | 'compressedMd5']: string };

export type HashedAttachment = AttachmentInfo & KnownMd5;

export interface AttachmentRegistry extends NumberRegistry {
  mimeOf(type: AttachmentType): string;
}

/** @param user UserContentType of the configuration: name -> number or [number, MIME type] */
export function createAttachmentRegistry(
  user: Readonly<Record<string, number | readonly [number, string]>> = {},
): AttachmentRegistry {
  const numbers = Object.fromEntries(
    Object.entries(user).map(([name, value]) => [name, typeof value === 'number' ? value : value[0]]),
  );
  const mimes = new Map<number, string>([
    [Attachment.dicom, 'application/dicom'],
    [Attachment['dicom-as-json'], 'application/json'],
    [Attachment['dicom-until-pixel-data'], 'application/dicom'],
  ]);
  for (const value of Object.values(user)) if (typeof value !== 'number') mimes.set(value[0], value[1]);
  return {
    ...createNumberRegistry(Attachment, numbers),
    mimeOf: (type) => mimes.get(type) ?? 'application/octet-stream',
  };
}
