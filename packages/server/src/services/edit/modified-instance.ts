// One stored instance, modified: as a file that is given away, or stored as another instance.
import { type DataSet, DicomError } from '@pharos/dicom';
import {
  Attachment,
  type AttachmentInfo,
  type Level,
  levels,
  Metadata,
  type Origin,
  type OrthancId,
  PharosError,
  type ResourceIds,
  resourceIdKeys,
  type Settings,
} from '../../model/index.ts';
import type { IndexStore, MetadataValues, Resource } from '../../ports/index.ts';
import { identify } from '../ingest/index.ts';
import type { DataSetEdit, Ingest, InstanceFile, InstanceReader, Transcoder } from '../services.ts';
import { type Modification, pixelFate } from './modification.ts';
import { type ModificationContext, modifiedDataSet } from './modified-data-set.ts';

export interface EditDependencies {
  readonly index: Pick<IndexStore, 'get' | 'addLabel' | 'removeLabel'>;
  readonly reader: Pick<InstanceReader, 'open'>;
  readonly transcoder: Pick<Transcoder, 'attachment'>;
  readonly ingest: Pick<Ingest, 'begin'>;
  readonly settings: Pick<Settings, 'OverwriteInstances'>;
}

export interface WrittenForm {
  /** Transfer syntax; where it cannot be written so, it stays in its own. */
  readonly transcode?: string;
  readonly quality?: number;
}

/** @throws PharosError BadRequest */
export function editOf(modification: Modification, context: ModificationContext): DataSetEdit {
  const apply = (dataSet: DataSet): DataSet => {
    try {
      return modifiedDataSet(dataSet, modification, context);
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      throw new PharosError('BadRequest', { details: `A value cannot be written: ${error.message}`, cause: error });
    }
  };
  return { apply, pixels: pixelFate(modification) };
}

async function fileOf(
  { reader, transcoder }: EditDependencies,
  attachment: AttachmentInfo,
  edit: DataSetEdit,
  { transcode, quality }: WrittenForm,
  lossy: 'new-identifier' | 'same-identifier',
): Promise<InstanceFile> {
  const request = { quality, lossy, isOnce: true, edit } as const;
  if (transcode !== undefined) {
    try {
      return await transcoder.attachment(attachment, { ...request, syntaxes: [transcode] });
    } catch (error) {
      if (!(error instanceof PharosError) || error.code !== 'NotImplemented') throw error;
    }
  }
  const { file } = await reader.open(attachment);
  return transcoder.attachment(attachment, { ...request, syntaxes: [file.transferSyntax] });
}

interface StoredSource {
  readonly resource: Resource;
  readonly attachment: AttachmentInfo;
}

async function sourceOf({ index }: EditDependencies, id: OrthancId): Promise<StoredSource | undefined> {
  const resource = await index.get(id, { attachments: true, ancestors: true, metadata: true });
  const attachment = resource?.attachments.find(({ type }) => type === Attachment.dicom);
  return resource?.level === 'Instance' && attachment ? { resource, attachment } : undefined;
}

/** A modified copy, which is not stored. undefined: there is no such instance. */
export async function modifiedFile(
  deps: EditDependencies,
  id: OrthancId,
  edit: DataSetEdit,
  form: WrittenForm,
): Promise<InstanceFile | undefined> {
  const source = await sourceOf(deps, id);
  return source && fileOf(deps, source.attachment, edit, form, 'new-identifier');
}

function idOf({ resource }: StoredSource, level: Level): OrthancId | undefined {
  return level === 'Instance' ? resource.id : resource.ancestors[level]?.id;
}

/** From what each resource was made, where it is another one. */
function provenance(source: StoredSource, ids: ResourceIds, isAnonymization: boolean) {
  const type = isAnonymization ? Metadata.AnonymizedFrom : Metadata.ModifiedFrom;
  const metadata: Partial<Record<Level, MetadataValues>> = {};
  for (const level of levels) {
    const id = idOf(source, level);
    if (id !== undefined && (level === 'Instance' || ids[resourceIdKeys[level]] !== id))
      metadata[level] = { [type]: id };
  }
  return metadata;
}

export interface StoreModified extends WrittenForm {
  readonly isAnonymization: boolean;
  /** Of what is modified. */
  readonly level: Level;
  readonly keepsLabels: boolean;
  /** Once all is done. */
  readonly removesSource: boolean;
  /** When the job began, as in metadata: what was anonymized where it is after that is done. */
  readonly since: string;
  readonly origin: Origin;
}

const inPlace = 'To modify what keeps its identifiers, set the option "OverwriteInstances" to true';

/** An instance that this job has anonymized where it is, before a restart: a second time would not give the same. */
function doneBefore({ resource }: StoredSource, { isAnonymization, since }: StoreModified): ResourceIds | undefined {
  const told = (type: number): string => resource.metadata.find((entry) => entry.type === type)?.value ?? '';
  const isDone =
    isAnonymization && told(Metadata.AnonymizedFrom) === resource.id && told(Metadata.ReceptionDate) > since;
  const { Patient: patient, Study: study, Series: series } = resource.ancestors;
  if (!isDone || !patient || !study || !series) return undefined;
  return { patient: patient.id, study: study.id, series: series.id, instance: resource.id };
}

/**
 * What is stored under the identifiers of the copy has stayed: that is right where a job is done again.
 * @throws PharosError BadRequest, CannotStoreInstance where the modification would be lost
 */
async function checkKept(
  { index }: EditDependencies,
  source: OrthancId,
  copy: OrthancId,
  { isAnonymization, removesSource }: StoreModified,
): Promise<void> {
  if (copy === source) throw new PharosError('BadRequest', `${inPlace}: instance ${source} would stay as it is`);
  if (!removesSource) return;
  const kept = await index.get(copy, { metadata: true });
  const type = isAnonymization ? Metadata.AnonymizedFrom : Metadata.ModifiedFrom;
  if (kept?.metadata.find((entry) => entry.type === type)?.value === source) return;
  throw new PharosError(
    'CannotStoreInstance',
    `Another instance has the identifiers of the modified ${source}, which stays`,
  );
}

/** @throws PharosError InexistentItem where it was removed meanwhile, CannotStoreInstance, BadRequest */
export async function storeModified(
  deps: EditDependencies,
  id: OrthancId,
  edit: DataSetEdit,
  options: StoreModified,
): Promise<ResourceIds> {
  const source = await sourceOf(deps, id);
  if (!source) throw new PharosError('InexistentItem', `Instance ${id} was removed meanwhile`);
  const done = doneBefore(source, options);
  if (done) return done;
  const labels = options.keepsLabels ? await labelsOf(deps, source) : [];
  let ids: ResourceIds | undefined;
  const apply = (dataSet: DataSet): DataSet => {
    const edited = edit.apply(dataSet);
    ids = identify(edited);
    return edited;
  };
  // Others refer to it by the identifier that it has been given: it keeps that one.
  const file = await fileOf(deps, source.attachment, { ...edit, apply }, options, 'same-identifier');
  if (!ids) throw new PharosError('CannotStoreInstance');
  const metadata = provenance(source, ids, options.isAnonymization);
  const keepsSyntax = options.transcode !== undefined;
  const intake = deps.ingest.begin(options.origin, undefined, { metadata, keepsSyntax });
  try {
    for await (const piece of file.stream()) await intake.push(piece);
  } catch (error) {
    await intake.abort();
    throw error;
  }
  const { status } = await intake.finish();
  if (status === 'FilteredOut')
    throw new PharosError('CannotStoreInstance', `Error while storing a modified instance ${id}`);
  if (status === 'AlreadyStored' && deps.settings.OverwriteInstances === 'Never') {
    await checkKept(deps, source.resource.id, ids.instance, options);
  }
  for (const [level, label] of labels) await deps.index.addLabel({ level, id: ids[resourceIdKeys[level]] }, label);
  if (!options.keepsLabels && ids.instance === source.resource.id) await dropLabels(deps, source, options.level);
  return ids;
}

/** Read before the copy is stored, which may take the place of its source. */
async function labelsOf(
  { index }: EditDependencies,
  source: StoredSource,
): Promise<readonly (readonly [Level, string])[]> {
  const labels: [Level, string][] = [];
  for (const level of levels) {
    const id = idOf(source, level);
    const found = id === undefined ? [] : ((await index.get(id, { labels: true }))?.labels ?? []);
    labels.push(...found.map((label): [Level, string] => [level, label]));
  }
  return labels;
}

/** What is changed where it is loses its labels, as where it is removed and comes back changed; what is above keeps them. */
async function dropLabels({ index }: EditDependencies, source: StoredSource, changed: Level): Promise<void> {
  for (const level of levels.slice(levels.indexOf(changed))) {
    const id = idOf(source, level);
    if (id === undefined) continue;
    const labels = (await index.get(id, { labels: true }))?.labels ?? [];
    for (const label of labels) await index.removeLabel({ level, id }, label);
  }
}
