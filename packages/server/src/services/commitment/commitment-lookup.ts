// Whether this server answers for an instance: it is in the index, of the class that is asked for, and its file can be read.
import { Tag } from '@pharos/dicom';
import { Attachment, Metadata, PharosError } from '../../model/index.ts';
import type { BlobStore, IndexStore, Resource } from '../../ports/index.ts';
import { isIntact } from '../attachments/index.ts';
import type { InstanceReader } from '../services.ts';
import { type CommitmentReference, FailureReason } from './commitment-data.ts';

export interface LookupDependencies {
  readonly index: Pick<IndexStore, 'find' | 'setMd5'>;
  readonly blobs: Pick<BlobStore, 'stream'>;
  readonly reader: Pick<InstanceReader, 'stream'>;
}

/** What is wrong with the file of an instance; undefined where nothing is. All of it is read, past every cache. */
async function faultOfFile(deps: LookupDependencies, { attachments }: Resource): Promise<number | undefined> {
  const file = attachments.find(({ type }) => type === Attachment.dicom);
  if (!file) return FailureReason.noSuchInstance;
  try {
    if (file.compressedMd5 !== '' && file.uncompressedMd5 !== '')
      return (await isIntact(deps, file)) ? undefined : FailureReason.noSuchInstance;
    for await (const _piece of deps.blobs.stream(file.uuid));
    return undefined;
  } catch (error) {
    const isGone = error instanceof PharosError && (error.code === 'InexistentFile' || error.code === 'CorruptedFile');
    return isGone ? FailureReason.noSuchInstance : FailureReason.processingFailure;
  }
}

/** Instances with a SOP Instance UID: several where it was given out twice. */
export async function instancesOf(
  { index }: Pick<LookupDependencies, 'index'>,
  sopInstanceUid: string,
): Promise<readonly Resource[]> {
  const match = { kind: 'equal', value: sopInstanceUid } as const;
  const term = { tag: Tag.SOPInstanceUID, level: 'Instance', match, caseSensitive: true } as const;
  const found: Resource[] = [];
  const fields = { metadata: true, attachments: true };
  for await (const batch of index.find({ level: 'Instance', terms: [term] }, fields)) found.push(...batch);
  return found;
}

/** Why there is no commitment for an instance; undefined where there is. */
export async function faultOf(
  deps: LookupDependencies,
  { sopClassUid, sopInstanceUid }: CommitmentReference,
): Promise<number | undefined> {
  let fault: number | undefined = FailureReason.noSuchInstance;
  for (const instance of await instancesOf(deps, sopInstanceUid)) {
    const known = instance.metadata.find(({ type }) => type === Metadata.SopClassUid)?.value;
    const isConflict = known !== undefined && known !== sopClassUid;
    fault = isConflict ? FailureReason.classInstanceConflict : await faultOfFile(deps, instance);
    if (fault === undefined) return undefined;
  }
  return fault;
}
