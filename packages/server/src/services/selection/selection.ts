// The instances of what a client names: in the order in which they are sent, with what a peer has to know beforehand.
import { formatTag, Tag } from '@pharos/dicom';
import {
  Attachment,
  type AttachmentInfo,
  isOrthancId,
  Metadata,
  type OrthancId,
  PharosError,
} from '../../model/index.ts';
import type { IndexQuery, IndexStore, OutgoingInstance, Resource, ResourceRef } from '../../ports/index.ts';
import type { InstanceReader, Transcoder } from '../services.ts';

export interface Selection {
  /** What was named, in that order. */
  readonly resources: readonly ResourceRef[];
  /** Below these, each once: resource by resource, series by series, by InstanceNumber. */
  readonly instances: readonly OrthancId[];
}

const inOrder: IndexQuery['orderBy'] = [
  { key: { tag: Tag.StudyInstanceUID, level: 'Study' }, as: 'text', descending: false },
  { key: { tag: Tag.SeriesInstanceUID, level: 'Series' }, as: 'text', descending: false },
  { key: { tag: Tag.InstanceNumber, level: 'Instance' }, as: 'integer', descending: false },
];

/** Instances of a resource: series by series, by InstanceNumber. */
export async function* instancesBelow(
  { index }: { readonly index: Pick<IndexStore, 'find'> },
  { level, id }: ResourceRef,
): AsyncGenerator<OrthancId, void, undefined> {
  if (level === 'Instance') {
    yield id;
    return;
  }
  for await (const batch of index.find({ level: 'Instance', within: id, orderBy: inOrder }, {})) {
    for (const instance of batch) yield instance.id;
  }
}

/** @param names identifiers of resources of any level. @throws PharosError UnknownResource */
export async function selectInstances(
  { index }: { readonly index: Pick<IndexStore, 'get' | 'find'> },
  names: readonly string[],
): Promise<Selection> {
  const resources: ResourceRef[] = [];
  const instances = new Set<OrthancId>();
  for (const name of names) {
    const resource = isOrthancId(name) ? await index.get(name, {}) : undefined;
    if (!resource) throw new PharosError('UnknownResource');
    resources.push({ level: resource.level, id: resource.id });
    for await (const instance of instancesBelow({ index }, resource)) instances.add(instance);
  }
  return { resources, instances: [...instances] };
}

const sopInstanceUidKey = formatTag(Tag.SOPInstanceUID);

const metadataOf = ({ metadata }: Resource, type: number): string | undefined =>
  metadata.find((entry) => entry.type === type)?.value;

export interface OutgoingDependencies {
  readonly index: Pick<IndexStore, 'get'>;
  readonly reader: Pick<InstanceReader, 'header' | 'stream' | 'lend'>;
  /** Without it, instances go as they are stored. */
  readonly transcoder?: Pick<Transcoder, 'attachment'>;
}

/** A stored instance as it is sent. undefined: it is not there any more. */
export async function outgoingInstance(
  deps: OutgoingDependencies,
  id: OrthancId,
): Promise<OutgoingInstance | undefined> {
  const { index, reader } = deps;
  const resource = await index.get(id, { tags: true, metadata: true, attachments: true });
  const file = resource?.attachments.find(({ type }) => type === Attachment.dicom);
  if (resource?.level !== 'Instance' || !file) return undefined;
  const content = {
    length: file.uncompressedSize,
    open: (): AsyncIterable<Uint8Array> => reader.stream(file),
    lend: (): AsyncIterable<Uint8Array> => reader.lend(file),
    transcode: transcodeOf(deps, file),
  };
  const sopClassUid = metadataOf(resource, Metadata.SopClassUid);
  const sopInstanceUid = resource.tags[sopInstanceUidKey];
  const transferSyntax = metadataOf(resource, Metadata.TransferSyntax);
  if (sopClassUid && sopInstanceUid && transferSyntax) {
    return { sopClassUid, sopInstanceUid, transferSyntax, ...content };
  }
  const header = await reader.header(id);
  return (
    header && {
      sopClassUid: header.dataSet.text(Tag.SOPClassUID) ?? '',
      sopInstanceUid: header.dataSet.text(Tag.SOPInstanceUID) ?? '',
      transferSyntax: header.transferSyntax,
      ...content,
    }
  );
}

function transcodeOf({ transcoder }: OutgoingDependencies, file: AttachmentInfo): OutgoingInstance['transcode'] {
  if (!transcoder) return undefined;
  return async (syntaxes) => {
    const { stream, ...written } = await transcoder.attachment(file, { syntaxes, lossy: 'new-identifier' });
    return { ...written, open: stream };
  };
}
