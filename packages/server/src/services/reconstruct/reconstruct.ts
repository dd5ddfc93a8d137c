// Reads stored files again and puts what they say into the index: after tags became main tags, or where files of one study disagree
// and another one of them shall count. Files can be stored again with the current settings of compression.
import type { Dictionary, ParsedFile } from '@pharos/dicom';
import {
  Attachment,
  firstUserNumber,
  type Level,
  levels,
  type MainDicomTagRegistry,
  Metadata,
  type OrthancId,
  PharosError,
  resourceIdKeys,
  type Settings,
} from '../../model/index.ts';
import type { IndexStore, MetadataEntry, MetadataValues, ResourceRef } from '../../ports/index.ts';
import { type AttachmentDependencies, storeAttachment } from '../attachments/index.ts';
import { createInstanceDescriber, type InstanceDescription } from '../ingest/index.ts';
import { type HashDependencies, hashed, inTurns } from '../read/index.ts';
import type { InstanceReader } from '../services.ts';

export interface ReconstructDependencies extends AttachmentDependencies {
  readonly index: Pick<
    IndexStore,
    'get' | 'find' | 'replaceTags' | 'setAttachment' | 'blobsWithRow' | 'setMd5' | 'sync'
  >;
  readonly blobs: AttachmentDependencies['blobs'] & HashDependencies['blobs'];
  readonly reader: InstanceReader;
  readonly mainTags: MainDicomTagRegistry;
  readonly dictionary: Dictionary;
  readonly settings: Pick<Settings, 'StorageCompression' | 'StoreMD5ForAttachments' | 'SyncStorageArea'>;
}

export interface ReconstructOptions {
  /** Store the files again where the settings of compression or MD5 are other ones now. */
  readonly files: boolean;
  /** Only the main tags of the resource itself, from one of its instances. */
  readonly onlyThisLevel: boolean;
}

/** What a file tells again; the rest of the metadata tells of its arrival. */
const retold: ReadonlySet<number> = new Set([
  Metadata.TransferSyntax,
  Metadata.SopClassUid,
  Metadata.PixelDataOffset,
  Metadata.PixelDataVR,
  Metadata.MainDicomTagsSignature,
  Metadata.MainDicomSequences,
]);

/** Metadata that the index derives by itself. */
const derived: ReadonlySet<number> = new Set([
  Metadata.LastUpdate,
  Metadata.IsProtected,
  Metadata.PatientRecyclingOrder,
]);

/** The server's own metadata as it is, with what the file tells now. */
function updated(metadata: readonly MetadataEntry[], told: MetadataValues): MetadataValues {
  const values: Record<number, string> = {};
  for (const { type, value } of metadata) {
    if (type < firstUserNumber && !derived.has(type) && !retold.has(type)) values[type] = value;
  }
  for (const type of retold) {
    const value = told[type];
    if (value !== undefined) values[type] = value;
  }
  return values;
}

async function instancesOf(
  { index }: Pick<ReconstructDependencies, 'index'>,
  { level, id }: ResourceRef,
): Promise<OrthancId[]> {
  if (level === 'Instance') return [id];
  const ids: OrthancId[] = [];
  for await (const batch of index.find({ level: 'Instance', within: id }, {}))
    for (const instance of batch) ids.push(instance.id);
  return ids.sort();
}

/** Reconstructs one resource with what is below and above it.
 * @throws PharosError UnknownResource, and what reading its files throws */
export async function reconstruct(
  deps: ReconstructDependencies,
  ref: ResourceRef,
  options: ReconstructOptions,
): Promise<void> {
  const { index, reader, settings } = deps;
  const log = deps.log.of('generic');
  const describer = createInstanceDescriber(deps);
  const resource = await index.get(ref.id, {});
  if (resource?.level !== ref.level) throw new PharosError('UnknownResource');

  const describe = async (id: OrthancId): Promise<InstanceDescription | undefined> => {
    const file: ParsedFile | undefined = await reader.header(id);
    return file && describer.describe(file, { origin: 'Unknown' });
  };

  const replace = async (description: InstanceDescription, level: Level): Promise<void> => {
    const id = description.ids[resourceIdKeys[level]];
    const current = await index.get(id, { metadata: true });
    if (!current) return;
    const metadata = updated(current.metadata, description.metadata[level]);
    await index.replaceTags({ level, id }, description.tags[level], metadata);
  };

  const storeAgain = async (id: OrthancId): Promise<void> => {
    const instance = await index.get(id, { attachments: true });
    const attachment = instance?.attachments.find(({ type }) => type === Attachment.dicom);
    if (!attachment) return;
    const isAsConfigured =
      (attachment.compression === 'zlib') === settings.StorageCompression &&
      (attachment.uncompressedMd5 !== '') === settings.StoreMD5ForAttachments;
    if (isAsConfigured) return;
    const { revision, uncompressedMd5: md5, crc32 } = await hashed(deps, attachment);
    const source = { type: Attachment.dicom, content: reader.stream(attachment), md5 };
    const { outcome } = await storeAttachment(deps, { level: 'Instance', id }, source, { revision, md5, crc32 });
    if (outcome.status === 'Conflict') log.warn(`The file of instance ${id} was replaced meanwhile: it stays as it is`);
  };
  /** One damaged file does not keep the others. */
  const storeAgainIfIntact = async (id: OrthancId): Promise<void> => {
    try {
      await storeAgain(id);
    } catch (error) {
      if (!(error instanceof PharosError) || error.code !== 'CorruptedFile') throw error;
      log.error(`The file of instance ${id} is damaged and was not stored again: ${error.message}`);
    }
  };

  const instances = await instancesOf(deps, ref);
  if (options.onlyThisLevel) {
    const description = instances[0] && (await describe(instances[0]));
    if (description) await replace(description, ref.level);
    return;
  }
  let last: InstanceDescription | undefined;
  for await (const id of inTurns(instances)) {
    const description = await describe(id);
    if (!description) continue;
    // Of the ancestors, the last instance counts: they are written where the next instance has another one.
    if (last && last.ids.series !== description.ids.series) await replace(last, 'Series');
    if (last && last.ids.study !== description.ids.study) await replace(last, 'Study');
    await replace(description, 'Instance');
    last = description;
    if (options.files) await storeAgainIfIntact(id);
  }
  if (last) for (const level of levels) if (level !== 'Instance') await replace(last, level);
}

/** Reconstructs every study. */
export async function reconstructAll(
  deps: ReconstructDependencies,
  options: Pick<ReconstructOptions, 'files'>,
): Promise<void> {
  for await (const batch of deps.index.find({ level: 'Study' }, {})) {
    for (const { level, id } of batch) {
      try {
        await reconstruct(deps, { level, id }, { ...options, onlyThisLevel: false });
      } catch (error) {
        // Deleted in the meantime.
        if (!(error instanceof PharosError) || error.code !== 'UnknownResource') throw error;
      }
    }
  }
}
