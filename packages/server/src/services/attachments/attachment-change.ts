// Puts, replaces and removes attachments: the bytes are durable before the row says so, and a row that cannot be written leaves no bytes.
import {
  Attachment,
  type AttachmentInfo,
  type AttachmentType,
  type Compression,
  PharosError,
} from '../../model/index.ts';
import type {
  BlobStore,
  Clock,
  ExpectedRevision,
  IndexStore,
  Log,
  ResourceRef,
  RevisionOutcome,
} from '../../ports/index.ts';
import { timestamp } from '../ingest/index.ts';
import { type HashDependencies, hashed } from '../read/index.ts';
import type { AttachmentWriter, InstanceReader } from '../services.ts';

export interface AttachmentDependencies {
  readonly index: Pick<IndexStore, 'setAttachment' | 'blobsWithRow' | 'sync'>;
  readonly blobs: Pick<BlobStore, 'publish' | 'remove'>;
  readonly attachmentWriter: AttachmentWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: { readonly SyncStorageArea: boolean };
}

export interface AttachmentSource {
  readonly type: AttachmentType;
  readonly content: AsyncIterable<Uint8Array>;
  /** As the settings say where it is not given. */
  readonly compression?: Compression;
  /** What the content must have, where it was stored before. */
  readonly md5?: string;
}

type NewAttachment = Omit<AttachmentInfo, 'revision'>;

async function write(writer: AttachmentWriter, source: AttachmentSource): Promise<NewAttachment> {
  const intake = writer.begin(source.type, source.compression);
  try {
    for await (const chunk of source.content) {
      const full = intake.push(chunk);
      if (full) await full;
    }
    return await intake.finish();
  } catch (error) {
    await intake.abort();
    throw error;
  }
}

/** The row may be there in spite of an error, as where what followed its commit failed. */
async function removeWithoutRow({ index, blobs }: AttachmentDependencies, uuid: string): Promise<void> {
  const known = await index.blobsWithRow([uuid]);
  if (!known.has(uuid)) await blobs.remove([uuid]);
}

export interface AttachmentOutcome {
  readonly outcome: RevisionOutcome;
  readonly attachment: NewAttachment;
}

/** Adds or replaces an attachment of a resource. What it replaces is removed later. @throws what the source throws, PharosError FullStorage */
export async function storeAttachment(
  deps: AttachmentDependencies,
  ref: ResourceRef,
  source: AttachmentSource,
  expected?: ExpectedRevision,
): Promise<AttachmentOutcome> {
  const { index, blobs, clock, settings } = deps;
  const attachment = await write(deps.attachmentWriter, source);
  if (source.md5 && attachment.uncompressedMd5 && source.md5 !== attachment.uncompressedMd5) {
    await blobs.remove([attachment.uuid]);
    throw new PharosError('CorruptedFile', 'The stored file is not what was received: its MD5 is another one');
  }
  let outcome: RevisionOutcome;
  try {
    outcome = await index.setAttachment(ref, attachment, timestamp(clock.now()), expected);
  } catch (error) {
    await removeWithoutRow(deps, attachment.uuid).catch(() => {});
    throw error;
  }
  if (outcome.status !== 'Done') {
    await blobs.remove([attachment.uuid]);
    return { outcome, attachment };
  }
  if (settings.SyncStorageArea) await index.sync();
  await blobs.publish([attachment.uuid]).catch((error: unknown) => {
    // It is durable and readable where it is; the next start puts it into its place.
    deps.log.of('generic').error('A stored attachment could not be moved into place', { error });
  });
  return { outcome, attachment };
}

export interface RecompressDependencies extends AttachmentDependencies {
  readonly index: AttachmentDependencies['index'] & HashDependencies['index'];
  readonly blobs: AttachmentDependencies['blobs'] & HashDependencies['blobs'];
  readonly reader: Pick<InstanceReader, 'stream'>;
}

/** Stores an attachment again with another compression; nothing to do where it has it. */
export async function recompressAttachment(
  deps: RecompressDependencies,
  ref: ResourceRef,
  attachment: AttachmentInfo,
  compression: Compression,
): Promise<RevisionOutcome> {
  const { type, revision } = attachment;
  if (attachment.compression === compression) return { status: 'Done', revision };
  // Of another instance that came in the same place meanwhile, the revision would be the same.
  const { uncompressedMd5: md5 } = await hashed(deps, attachment);
  const source = { type, compression, content: deps.reader.stream(attachment), md5 };
  const expected = { revision, md5, crc32: attachment.crc32 };
  const { outcome } = await storeAttachment(deps, ref, source, expected);
  return outcome;
}

/** Whether clients may remove attachments of this type: their own, and the summaries that servers of old made. */
export function isRemovable(type: AttachmentType, isUser: boolean, storesDicom: boolean): boolean {
  return isUser || (type === Attachment['dicom-as-json'] && storesDicom);
}
