// New instances from what clients give: identifiers and times of their own, the tags of a parent, those of the client, the content.
import {
  createDataSet,
  type DataSet,
  DicomError,
  type Dictionary,
  type ElementInit,
  encodePart10,
  generateUid,
  isKnownCharset,
  Tag,
} from '@pharos/dicom';
import { type Level, levels, moduleTags, type Origin, type OrthancId, PharosError } from '../../model/index.ts';
import type { Clock, IndexStore } from '../../ports/index.ts';
import { type DeletionDependencies, deleteResource } from '../deletion/index.ts';
import { instancesBelow } from '../selection/index.ts';
import type { Ingest, InstanceReader, LiveSettings, StoreResult } from '../services.ts';
import { elementsOfTags } from '../tags/index.ts';
import { type Content, contentOf, encapsulatedContent } from './content.ts';

export interface CreateDependencies extends DeletionDependencies {
  readonly index: DeletionDependencies['index'] & Pick<IndexStore, 'get' | 'find'>;
  readonly reader: Pick<InstanceReader, 'header'>;
  readonly ingest: Pick<Ingest, 'begin'>;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly dictionary: Dictionary;
  readonly clock: Clock;
}

export interface NewInstance {
  readonly tags: object;
  readonly interpretsBinary: boolean;
  readonly privateCreator: string;
  /** Tags of the parent, and identifiers, may be given too. */
  readonly isForced: boolean;
  readonly parent?: OrthancId;
}

/** One of several: a data URI, and tags of its own. */
export interface NewContent {
  readonly content: string;
  readonly tags?: object;
}

/** Elements by tag: what comes later takes the place of what is there. */
type Elements = Map<number, ElementInit>;

const explicitLittleEndian = '1.2.840.10008.1.2.1';

/** Tags that a client may give though they are there already. */
const replaceable = new Set<number>([
  Tag.PatientID,
  Tag.AcquisitionDate,
  Tag.AcquisitionTime,
  Tag.ContentDate,
  Tag.ContentTime,
  Tag.InstanceCreationDate,
  Tag.InstanceCreationTime,
  Tag.SeriesDate,
  Tag.SeriesTime,
  Tag.StudyDate,
  Tag.StudyTime,
]);

function put(elements: Elements, added: Iterable<ElementInit>): void {
  for (const element of added) elements.set(element.tag, element);
}

function putAbsent(elements: Elements, added: Iterable<ElementInit>): void {
  for (const element of added) if (!elements.has(element.tag)) elements.set(element.tag, element);
}

function identifiers(): readonly ElementInit[] {
  return [
    { tag: Tag.PatientID, value: crypto.randomUUID() },
    { tag: Tag.StudyInstanceUID, value: generateUid() },
    { tag: Tag.SeriesInstanceUID, value: generateUid() },
    { tag: Tag.SOPInstanceUID, value: generateUid() },
  ];
}

/** In UTC. @param parent undefined: there is none */
function times(now: Date, parent: Level | undefined): readonly ElementInit[] {
  const [date = '', time = ''] = now.toISOString().replace(/[-:]/g, '').split('T');
  const both = (dateTag: number, timeTag: number): readonly ElementInit[] => [
    { tag: dateTag, value: date },
    { tag: timeTag, value: time.slice(0, 6) },
  ];
  return [
    ...both(Tag.AcquisitionDate, Tag.AcquisitionTime),
    ...both(Tag.ContentDate, Tag.ContentTime),
    ...both(Tag.InstanceCreationDate, Tag.InstanceCreationTime),
    ...(parent === 'Series' ? [] : both(Tag.SeriesDate, Tag.SeriesTime)),
    ...(parent === 'Series' || parent === 'Study' ? [] : both(Tag.StudyDate, Tag.StudyTime)),
  ];
}

interface Parent {
  readonly level: Level;
  /** Of one of its instances. */
  readonly dataSet: DataSet;
}

/** @throws PharosError CreateDicomBadParent, CreateDicomParentIsInstance */
async function parentOf(deps: CreateDependencies, id: OrthancId): Promise<Parent> {
  const resource = await deps.index.get(id, {});
  if (!resource) throw new PharosError('CreateDicomBadParent');
  if (resource.level === 'Instance') throw new PharosError('CreateDicomParentIsInstance');
  for await (const instance of instancesBelow(deps, resource)) {
    const file = await deps.reader.header(instance);
    if (file) return { level: resource.level, dataSet: file.dataSet };
  }
  throw new PharosError('CreateDicomBadParent');
}

/** The values of the modules of the parent and of what is above it; sequences are the instance's own. */
function inherited({ level, dataSet }: Parent): readonly ElementInit[] {
  const above = levels.slice(0, levels.indexOf(level) + 1);
  const elements: ElementInit[] = [];
  for (const { tag, vr, items, bytes } of dataSet.elements()) {
    if (items || !above.some((one) => moduleTags[one].has(tag))) continue;
    const text = dataSet.text(tag);
    elements.push({ tag, vr, value: text ?? bytes });
  }
  return elements;
}

/** @throws PharosError ParameterOutOfRange */
function charsetOf({ tags }: NewInstance, parent: Parent | undefined, fallback: string): string {
  const given = Object.entries(tags).find(([name]) => /^(SpecificCharacterSet|0008[,-]?0005)$/i.test(name))?.[1];
  if (given !== undefined && (typeof given !== 'string' || !isKnownCharset(given))) {
    throw new PharosError('ParameterOutOfRange', 'Unknown specific character set');
  }
  return parent?.dataSet.text(Tag.SpecificCharacterSet) || given || fallback;
}

/** @throws PharosError CreateDicomOverrideTag, CreateDicomUseContent */
function putTags(elements: Elements, tags: object, instance: NewInstance, dictionary: Dictionary): void {
  const { interpretsBinary, privateCreator, isForced } = instance;
  for (const element of elementsOfTags(tags, { dictionary, interpretsBinary, privateCreator })) {
    const { tag } = element;
    if (tag === Tag.SpecificCharacterSet) continue;
    if (tag === Tag.PixelData) throw new PharosError('CreateDicomUseContent');
    if (!isForced && elements.has(tag) && !replaceable.has(tag)) {
      throw new PharosError('CreateDicomOverrideTag', dictionary.nameOf(tag));
    }
    elements.set(tag, element);
  }
}

async function baseOf(deps: CreateDependencies, instance: NewInstance): Promise<Elements> {
  const parent = instance.parent === undefined ? undefined : await parentOf(deps, instance.parent);
  const elements: Elements = new Map();
  put(elements, identifiers());
  if (parent) put(elements, inherited(parent));
  put(elements, times(deps.clock.now(), parent?.level));
  const charset = charsetOf(instance, parent, deps.live.fallbackCharset());
  put(elements, [{ tag: Tag.SpecificCharacterSet, value: charset }]);
  putTags(elements, instance.tags, instance, deps.dictionary);
  return elements;
}

function fileOf(elements: Elements, content: Content | undefined): Uint8Array {
  if (content) {
    put(elements, content.elements);
    putAbsent(elements, content.defaults);
  }
  try {
    const dataSet = createDataSet([...elements.values()]);
    return encodePart10({ dataSet, transferSyntax: content?.transferSyntax ?? explicitLittleEndian });
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    throw new PharosError('BadFileFormat', {
      details: `The instance cannot be written: ${error.message}`,
      cause: error,
    });
  }
}

async function store({ ingest }: CreateDependencies, file: Uint8Array, origin: Origin): Promise<StoreResult> {
  const intake = ingest.begin(origin);
  await intake.push(file);
  return intake.finish();
}

/** @param content a data URI. @param isEncapsulated it is kept compressed, as it is. @throws PharosError */
export async function createInstance(
  deps: CreateDependencies,
  instance: NewInstance,
  origin: Origin,
  { content, isEncapsulated = false }: { readonly content?: string; readonly isEncapsulated?: boolean } = {},
): Promise<StoreResult> {
  const elements = await baseOf(deps, instance);
  const read = (text: string): Promise<Content> | Content =>
    isEncapsulated ? encapsulatedContent(text) : contentOf(text);
  return store(deps, fileOf(elements, content === undefined ? undefined : await read(content)), origin);
}

/** One instance for each content, of one series; all or none. @throws PharosError */
export async function createSeries(
  deps: CreateDependencies,
  instance: NewInstance,
  origin: Origin,
  contents: readonly NewContent[],
): Promise<StoreResult> {
  const base = await baseOf(deps, instance);
  put(base, [
    { tag: Tag.ImagesInAcquisition, value: contents.length },
    { tag: Tag.NumberOfTemporalPositions, value: 1 },
  ]);
  let last: StoreResult | undefined;
  try {
    for (const [index, { content, tags }] of contents.entries()) {
      const elements: Elements = new Map(base);
      if (tags) putTags(elements, tags, instance, deps.dictionary);
      put(elements, [
        { tag: Tag.SOPInstanceUID, value: generateUid() },
        { tag: Tag.InstanceNumber, value: index + 1 },
        { tag: Tag.ImageIndex, value: index + 1 },
      ]);
      last = await store(deps, fileOf(elements, await contentOf(content)), origin);
    }
  } catch (error) {
    if (last) await deleteResource(deps, { level: 'Series', id: last.ids.series });
    throw error;
  }
  if (!last) throw new PharosError('CreateDicomNoPayload');
  return last;
}

/** As clients did it before there was `Tags`: all tags at the top, the content as Pixel Data. @throws PharosError */
export async function createFlatInstance(
  deps: CreateDependencies,
  members: object,
  origin: Origin,
): Promise<StoreResult> {
  const elements: Elements = new Map();
  put(elements, identifiers());
  put(elements, [{ tag: Tag.SpecificCharacterSet, value: deps.live.fallbackCharset() }]);
  let content: Content | undefined;
  const options = { dictionary: deps.dictionary, interpretsBinary: false, privateCreator: '' };
  for (const [name, value] of Object.entries(members)) {
    if (typeof value !== 'string') throw new PharosError('CreateDicomNotString');
    if (deps.dictionary.findTag(name) === Tag.PixelData) content = await contentOf(value);
    else put(elements, elementsOfTags({ [name]: value }, options));
  }
  return store(deps, fileOf(elements, content), origin);
}
