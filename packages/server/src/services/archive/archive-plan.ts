// What goes into an archive, and where: patients, studies and series as folders, in the order in which they were named.
import { formatTag, Tag } from '@pharos/dicom';
import { Attachment, isOrthancId, type Level, Metadata, type OrthancId, PharosError } from '../../model/index.ts';
import type { IndexStore, Resource } from '../../ports/index.ts';
import { createNames, folderName, instanceFileName } from './archive-names.ts';

export interface PlannedFile {
  readonly id: OrthancId;
  /** Components of the path. */
  readonly path: readonly string[];
  /** Bytes as they are stored. */
  readonly length: number;
}

export interface ArchivePlan {
  readonly files: readonly PlannedFile[];
  /** Bytes of all files. */
  readonly length: number;
}

export type ArchiveKind = 'archive' | 'media';

interface PlannedInstance {
  readonly id: OrthancId;
  readonly index: number;
  readonly length: number;
}

interface PlannedSeries {
  readonly series: Resource;
  readonly instances: Map<OrthancId, PlannedInstance>;
  isWhole: boolean;
}

/** Studies by patient, series by study, in the order in which they came. */
type Tree = Map<OrthancId, Map<OrthancId, Map<OrthancId, PlannedSeries>>>;

type Index = Pick<IndexStore, 'get' | 'find'>;

const mediaFolder = 'IMAGES';
const instanceFields = { attachments: true, metadata: true } as const;

function instanceOf({ id, attachments, metadata }: Resource): PlannedInstance | undefined {
  const file = attachments.find(({ type }) => type === Attachment.dicom);
  const index = Number(metadata.find(({ type }) => type === Metadata.IndexInSeries)?.value ?? 0);
  return file && { id, index: Number.isSafeInteger(index) && index >= 0 ? index : 0, length: file.uncompressedSize };
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
  return childOf(planned, series.id, () => ({ series, instances: new Map(), isWhole: false }));
}

/** All instances of a series, by their numbers. Where two have the same, they are counted instead. */
async function addSeries(tree: Tree, index: Index, series: Resource): Promise<void> {
  const planned = seriesOf(tree, series);
  if (planned.isWhole) return;
  const instances: PlannedInstance[] = [];
  for await (const batch of index.find({ level: 'Instance', within: series.id }, instanceFields)) {
    for (const resource of batch) {
      const instance = instanceOf(resource);
      if (instance) instances.push(instance);
    }
  }
  instances.sort((a, b) => a.index - b.index);
  const isNumbered = new Set(instances.map(({ index: number }) => number)).size === instances.length;
  planned.instances.clear();
  for (const [at, instance] of instances.entries()) {
    planned.instances.set(instance.id, isNumbered ? instance : { ...instance, index: at });
  }
  planned.isWhole = true;
}

async function addInstance(tree: Tree, index: Index, id: OrthancId): Promise<void> {
  const resource = await index.get(id, { ...instanceFields, ancestors: true });
  const instance = resource && instanceOf(resource);
  const series = resource?.parent && (await index.get(resource.parent, { tags: true, ancestors: true }));
  if (!instance || !series) return;
  const planned = seriesOf(tree, series);
  if (!planned.isWhole) planned.instances.set(id, instance);
}

/** @throws PharosError UnknownResource */
async function add(tree: Tree, index: Index, id: string): Promise<void> {
  const resource = isOrthancId(id) ? await index.get(id, { tags: true, ancestors: true }) : undefined;
  if (!resource) throw new PharosError('UnknownResource');
  if (resource.level === 'Instance') return addInstance(tree, index, resource.id);
  if (resource.level === 'Series') return addSeries(tree, index, resource);
  const fields = { tags: true, ancestors: true };
  const below: Resource[] = [];
  for await (const batch of index.find({ level: 'Series', within: resource.id }, fields)) below.push(...batch);
  for (const series of below) await addSeries(tree, index, series);
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

interface Folders {
  readonly index: Index;
  readonly utf8: boolean;
  /** Whether a patient was named as such. */
  readonly patients: ReadonlySet<string>;
}

async function* archiveFiles(tree: Tree, { index, utf8, patients }: Folders): AsyncGenerator<PlannedFile> {
  const names = createNames();
  for (const [patientId, studies] of tree) {
    const [firstStudy] = studies.keys();
    const told = patients.has(patientId) ? patientId : firstStudy;
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
        const folder = [patientName, studyName, seriesNames(seriesFolder(planned.series, utf8))];
        const modality = tagIn(planned.series)(Tag.Modality);
        const fileNames = createNames();
        for (const { id, index: number, length } of planned.instances.values()) {
          yield { id, length, path: [...folder, fileNames(instanceFileName(modality, number))] };
        }
      }
    }
  }
}

/** Names that any system reads: eight letters and digits at most (PS3.10 8.2). */
function* mediaFiles(tree: Tree): Generator<PlannedFile> {
  let counter = 0;
  for (const studies of tree.values()) {
    for (const series of studies.values()) {
      for (const { instances } of series.values()) {
        for (const { id, length } of instances.values()) yield { id, length, path: [mediaFolder, `IM${counter++}`] };
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
  for (const id of ids) await add(tree, index, id);
  const files: PlannedFile[] = [];
  const planned = kind === 'media' ? mediaFiles(tree) : archiveFiles(tree, { index, utf8, patients: new Set(ids) });
  for await (const file of planned) files.push(file);
  return { files, length: files.reduce((sum, { length }) => sum + length, 0) };
}
