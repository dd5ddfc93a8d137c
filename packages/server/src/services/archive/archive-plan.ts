// What goes into an archive, and where: patients, studies and series as folders, in the order in which they were named. Instances are
// looked up when their turn comes, so that an archive of many thousands begins at once.
import { formatTag, Tag } from '@pharos/dicom';
import {
  Attachment,
  type AttachmentInfo,
  isOrthancId,
  type Level,
  levels,
  Metadata,
  type OrthancId,
  PharosError,
} from '../../model/index.ts';
import type { IndexQuery, IndexStore, Resource } from '../../ports/index.ts';
import { inTurns } from '../read/index.ts';
import { createNames, createNumbers, folderName, instanceFileName } from './archive-names.ts';

/** A stored file. */
export interface StoredFile {
  readonly attachment: AttachmentInfo;
  /** As the index knows it. */
  readonly transferSyntax: string | undefined;
}

export interface PlannedFile extends StoredFile {
  readonly id: OrthancId;
  /** Components of the path. */
  readonly path: readonly string[];
}

export interface ArchivePlan {
  /** As many as there are now: some may be removed before their turn, others may come. */
  readonly instances: number;
  /** Bytes of their files. */
  readonly length: number;
  /** May be read several times, each for itself. */
  files(): AsyncGenerator<PlannedFile, void, undefined>;
}

export type ArchiveKind = 'archive' | 'media';

interface PlannedSeries {
  readonly series: Resource;
  /** Those that were named; undefined: all. */
  instances: Set<OrthancId> | undefined;
}

/** Studies by patient, series by study, in the order in which they came. */
type Tree = Map<OrthancId, Map<OrthancId, Map<OrthancId, PlannedSeries>>>;

type Index = Pick<IndexStore, 'get' | 'find' | 'count' | 'counts' | 'diskUsage' | 'valuesBelow'>;

const mediaFolder = 'IMAGES';
const folderFields = { tags: true, ancestors: true } as const;
const namedFields = { ...folderFields, attachments: true } as const;
const instanceFields = { attachments: true, metadata: true } as const;
const byNumber: IndexQuery['orderBy'] = [
  { key: { metadata: Metadata.IndexInSeries }, as: 'integer', descending: false },
];
/** Of longer series it would take too long to find out whether two instances have the same number. */
const longestCompared = 4000;

const metadataOf = ({ metadata }: Resource, type: number): string | undefined =>
  metadata.find((entry) => entry.type === type)?.value;

const fileIn = ({ attachments }: Resource): AttachmentInfo | undefined =>
  attachments.find(({ type }) => type === Attachment.dicom);

function numberOf(instance: Resource): number {
  const number = Number(metadataOf(instance, Metadata.IndexInSeries) ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

/** The file of an instance. undefined: it is not there any more. */
export async function storedFile(index: Pick<IndexStore, 'get'>, id: OrthancId): Promise<StoredFile | undefined> {
  const instance = await index.get(id, instanceFields);
  return instance && storedFileOf(instance);
}

function storedFileOf(instance: Resource): StoredFile | undefined {
  const attachment = instance.level === 'Instance' ? fileIn(instance) : undefined;
  return attachment && { attachment, transferSyntax: metadataOf(instance, Metadata.TransferSyntax) };
}

const ancestorOf = ({ ancestors }: Resource, level: Level): OrthancId => {
  const id = ancestors[level]?.id;
  if (id === undefined) throw new PharosError('UnknownResource');
  return id;
};

function childOf<T>(map: Map<OrthancId, T>, id: OrthancId, make: () => T): T {
  const found = map.get(id) ?? make();
  map.set(id, found);
  return found;
}

function seriesOf(tree: Tree, series: Resource): PlannedSeries {
  const studies = childOf(tree, ancestorOf(series, 'Patient'), () => new Map());
  const planned = childOf(studies, ancestorOf(series, 'Study'), () => new Map<OrthancId, PlannedSeries>());
  return childOf(planned, series.id, () => ({ series, instances: new Set() }));
}

async function addInstance(tree: Tree, index: Index, instance: Resource): Promise<void> {
  const known = tree
    .get(ancestorOf(instance, 'Patient'))
    ?.get(ancestorOf(instance, 'Study'))
    ?.get(ancestorOf(instance, 'Series'));
  const series = known?.series ?? (await index.get(ancestorOf(instance, 'Series'), folderFields));
  if (series) seriesOf(tree, series).instances?.add(instance.id);
}

async function add(tree: Tree, index: Index, resource: Resource): Promise<void> {
  if (resource.level === 'Instance') return addInstance(tree, index, resource);
  for await (const batch of index.find({ level: 'Series', within: resource.id }, folderFields)) {
    for (const series of batch) seriesOf(tree, series).instances = undefined;
  }
}

interface Totals {
  instances: number;
  length: number;
}

/** Adds what a resource has, unless another one that was named has it too. */
async function count(totals: Totals, index: Index, resource: Resource, named: ReadonlySet<string>): Promise<void> {
  if (levels.some((level) => named.has(resource.ancestors[level]?.id ?? ''))) return;
  if (resource.level === 'Instance') {
    totals.instances += 1;
    totals.length += fileIn(resource)?.uncompressedSize ?? 0;
    return;
  }
  const { instances } = await index.counts(resource.id);
  const { dicomUncompressedSize } = await index.diskUsage(resource.id);
  totals.instances += instances;
  totals.length += dicomUncompressedSize;
}

const tagIn =
  ({ tags }: Resource) =>
  (tag: number): string =>
    tags[formatTag(tag)] ?? '';

const present = (...values: readonly string[]): readonly string[] => values.filter((value) => value !== '');

function seriesFolder(series: Resource, utf8: boolean): string {
  const tag = tagIn(series);
  const parts = present(tag(Tag.SeriesNumber), tag(Tag.Modality), tag(Tag.SeriesDescription));
  return folderName(parts, 'Unknown Series', utf8);
}

function studyFolder(study: Resource, utf8: boolean): string {
  const tag = tagIn(study);
  return folderName(present(tag(Tag.AccessionNumber), tag(Tag.StudyDescription)), 'Unknown Study', utf8);
}

/** A study knows its patient as its own files tell of them; patients of one identifier may have several names. */
function patientFolder(told: Resource, utf8: boolean): string {
  const tag = tagIn(told);
  return folderName([tag(Tag.PatientID), ...present(tag(Tag.PatientName))], 'Unknown Patient', utf8);
}

interface NumberedInstance extends StoredFile {
  readonly id: OrthancId;
  readonly number: number;
}

async function* idsOf(index: Index, { series, instances }: PlannedSeries): AsyncGenerator<OrthancId> {
  if (instances) {
    yield* instances;
    return;
  }
  for await (const batch of index.find({ level: 'Instance', within: series.id, orderBy: byNumber }, {})) {
    for (const { id } of batch) yield id;
  }
}

/** Whether the instances have numbers of their own. */
async function isNumbered(index: Index, { series, instances }: PlannedSeries): Promise<boolean> {
  if (instances) return true;
  const total = await index.count({ level: 'Instance', within: series.id });
  if (total > longestCompared) return true;
  return (await index.valuesBelow(series.id, 'Instance', { metadata: Metadata.IndexInSeries })).length === total;
}

/** Instances of a series that are there, by their numbers. Where two have the same, they are counted instead. */
async function* instancesOf(index: Index, planned: PlannedSeries): AsyncGenerator<NumberedInstance> {
  const hasNumbers = await isNumbered(index, planned);
  let counter = 0;
  for await (const id of idsOf(index, planned)) {
    const instance = await index.get(id, instanceFields);
    const file = instance && storedFileOf(instance);
    const counted = counter++;
    if (file) yield { ...file, id, number: hasNumbers ? numberOf(instance) : counted };
  }
}

interface Folders {
  readonly index: Index;
  readonly utf8: boolean;
  /** Whether a patient was named as such. */
  readonly named: ReadonlySet<string>;
}

async function* seriesFiles(index: Index, planned: PlannedSeries, folder: readonly string[]) {
  const modality = tagIn(planned.series)(Tag.Modality);
  const numbers = createNumbers();
  for await (const { number, ...file } of instancesOf(index, planned)) {
    yield { ...file, path: [...folder, instanceFileName(modality, numbers(number))] };
  }
}

async function* archiveFiles(
  tree: Tree,
  { index, utf8, named }: Folders,
): AsyncGenerator<PlannedFile, void, undefined> {
  const names = createNames();
  for (const [patientId, studies] of tree) {
    const [firstStudy] = studies.keys();
    const told = named.has(patientId) ? patientId : firstStudy;
    const patient = told === undefined ? undefined : await index.get(told, { tags: true });
    if (!patient) continue;
    const patientName = names(patientFolder(patient, utf8));
    const studyNames = createNames();
    for (const [studyId, series] of studies) {
      const study = await index.get(studyId, { tags: true });
      if (!study) continue;
      const studyName = studyNames(studyFolder(study, utf8));
      const seriesNames = createNames();
      for (const planned of series.values()) {
        yield* seriesFiles(index, planned, [patientName, studyName, seriesNames(seriesFolder(planned.series, utf8))]);
      }
    }
  }
}

/** Names that any system reads: eight letters and digits at most (PS3.10 8.2). */
async function* mediaFiles(tree: Tree, index: Index): AsyncGenerator<PlannedFile, void, undefined> {
  let counter = 0;
  for (const studies of tree.values()) {
    for (const series of studies.values()) {
      for (const planned of series.values()) {
        for await (const { number: _, ...file } of instancesOf(index, planned)) {
          yield { ...file, path: [mediaFolder, `IM${counter++}`] };
        }
      }
    }
  }
}

/** @param ids of resources of any level. @throws PharosError UnknownResource */
export async function planArchive(
  index: Index,
  ids: readonly string[],
  { kind, utf8 }: { readonly kind: ArchiveKind; readonly utf8: boolean },
): Promise<ArchivePlan> {
  const tree: Tree = new Map();
  const named = new Set(ids);
  const totals: Totals = { instances: 0, length: 0 };
  for await (const id of inTurns(named)) {
    const resource = isOrthancId(id) ? await index.get(id, namedFields) : undefined;
    if (!resource) throw new PharosError('UnknownResource');
    await add(tree, index, resource);
    await count(totals, index, resource, named);
  }
  return {
    ...totals,
    files: () => (kind === 'media' ? mediaFiles(tree, index) : archiveFiles(tree, { index, utf8, named })),
  };
}
