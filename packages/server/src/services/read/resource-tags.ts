// Values of attributes that a client names: computed, out of the index (own, of an ancestor, or a sequence kept as metadata),
// else out of the file of one instance below the resource, as far as StorageAccessOnFind allows.
import { type DataSet, formatTag, groupOf, Tag } from '@pharos/dicom';
import {
  type Level,
  type MainDicomTagRegistry,
  Metadata,
  type OrthancId,
  type Settings,
  type TagKey,
} from '../../model/index.ts';
import type { MetadataEntry, Resource, ResourceFields, ResourceReader } from '../../ports/index.ts';
import type { InstanceReader } from '../services.ts';
import { createComputedReader, isComputedTag } from './resource-computed-tags.ts';
import { isSequence } from './resource-content.ts';
import { type StoredSequence, storedSequences } from './resource-sequences.ts';
import { metadataOf } from './resource-status.ts';
import { lookInto } from './unreadable-file.ts';

/** Text, items of a sequence (from a file, or as the index keeps them), or null where the file has no value to show. */
export type TagValue = string | null | { readonly items: readonly DataSet[] } | { readonly stored: StoredSequence };

/** In the order in which the tags were named; a tag without an entry is not known at this level. */
export type TagValues = ReadonlyMap<Tag, TagValue>;

export interface TagReaderDependencies {
  readonly index: Pick<ResourceReader, 'get' | 'find' | 'counts' | 'valuesBelow' | 'valuesBelowEach'>;
  readonly reader: Pick<InstanceReader, 'header'>;
  readonly mainTags: MainDicomTagRegistry;
  readonly settings: Pick<Settings, 'StorageAccessOnFind'>;
}

export interface TagReader {
  /** What the resources must be fetched with. */
  readonly fields: ResourceFields;
  /** Told of those that are read next, where they are many: what can be is read for all of them at once. */
  learn(resources: readonly Resource[]): Promise<void>;
  read(resource: Resource): Promise<TagValues>;
}

interface IndexedTag {
  readonly tag: Tag;
  readonly key: TagKey;
  readonly level: Level;
  readonly isSequence: boolean;
}

/** Where the index has it for a resource of that level: not below, for there it has many values. */
function indexedTag(tag: Tag, level: Level, mainTags: MainDicomTagRegistry): IndexedTag | undefined {
  const order: readonly Level[] = ['Instance', 'Series', 'Study', 'Patient'];
  const levels = mainTags.levelsOf(tag);
  const found = order.slice(order.indexOf(level)).find((candidate) => levels.includes(candidate));
  return found && { tag, key: formatTag(tag), level: found, isSequence: isSequence(tag) };
}

function indexedText(resource: Resource, { key, level }: IndexedTag): string | undefined {
  return resource.level === level ? resource.tags[key] : resource.ancestors[level]?.tags[key];
}

function fileValue(dataSet: DataSet, tag: Tag): TagValue {
  if (!dataSet.has(tag)) return null;
  return dataSet.vr(tag) === 'SQ' ? { items: lookInto(() => dataSet.items(tag)) } : (dataSet.text(tag) ?? null);
}

function ancestorOf({ level, parent, ancestors }: Resource, above: Level): OrthancId | undefined {
  return level === 'Study' && above === 'Patient' ? parent : ancestors[above]?.id;
}

/** Metadata of ancestors, which a search does not fetch: the last one of each level, as results of a search are neighbours. */
function createAncestorMetadata(index: TagReaderDependencies['index']) {
  const last = new Map<Level, { readonly id: OrthancId; readonly metadata: readonly MetadataEntry[] }>();
  return async (resource: Resource, level: Level): Promise<readonly MetadataEntry[]> => {
    if (resource.level === level) return resource.metadata;
    const id = ancestorOf(resource, level);
    if (id === undefined) return [];
    const known = last.get(level);
    if (known?.id === id) return known.metadata;
    const metadata = (await index.get(id, { metadata: true }))?.metadata ?? [];
    last.set(level, { id, metadata });
    return metadata;
  };
}

function fieldsFor(level: Level, indexed: readonly IndexedTag[], fromFile: readonly Tag[]): ResourceFields {
  const own = indexed.filter((tag) => tag.level === level);
  const sopClass = level === 'Instance' && fromFile.includes(Tag.SOPClassUID);
  return {
    tags: indexed.length > 0,
    ancestors: own.length < indexed.length,
    metadata: own.length > 0 || sopClass,
  };
}

/** Reads the values of these tags for resources of one level. Keep it for one request: it remembers ancestors. */
export function createTagReader(deps: TagReaderDependencies, level: Level, named: readonly Tag[]): TagReader {
  const { index, reader, mainTags } = deps;
  // The file meta information is no part of the data set.
  const tags = [...new Set(named)].filter((tag) => groupOf(tag) !== 0x0002);
  const computed = tags.filter(isComputedTag);
  const computing = createComputedReader(index, computed);
  const indexed: IndexedTag[] = [];
  const fromFile: Tag[] = [];
  for (const tag of tags) {
    if (isComputedTag(tag)) continue;
    const found = indexedTag(tag, level, mainTags);
    if (found) indexed.push(found);
    else fromFile.push(tag);
  }
  const ancestorMetadata = createAncestorMetadata(index);

  /** The value of a tag that has no text; undefined where the index kept none; 'absent' where it would have kept it. */
  const valueWithoutText = async (resource: Resource, tag: IndexedTag): Promise<TagValue | 'absent' | undefined> => {
    const metadata = await ancestorMetadata(resource, tag.level);
    if (tag.isSequence) {
      const stored = storedSequences(metadataOf({ metadata }, Metadata.MainDicomSequences))[tag.key];
      if (stored) return { stored };
    }
    const signature = metadataOf({ metadata }, Metadata.MainDicomTagsSignature);
    if (signature?.includes(tag.key)) return 'absent';
    return (await isOfPatient(resource, tag)) ? 'absent' : undefined;
  };

  /** A study keeps the tags of its patient too, but its signature does not name them: that of the patient does. */
  const isOfPatient = async (resource: Resource, { tag, key, level }: IndexedTag): Promise<boolean> => {
    if (level !== 'Study' || !mainTags.tags.Patient.has(tag)) return false;
    const metadata = await ancestorMetadata(resource, 'Patient');
    return metadataOf({ metadata }, Metadata.MainDicomTagsSignature)?.includes(key) ?? false;
  };

  const oneInstance = async (resource: Resource): Promise<OrthancId | undefined> => {
    if (resource.level === 'Instance') return resource.id;
    for await (const batch of index.find({ level: 'Instance', within: resource.id, limit: 1 }, {})) return batch[0]?.id;
    return undefined;
  };

  const readFile = async (resource: Resource, missing: readonly Tag[], values: Map<Tag, TagValue>): Promise<void> => {
    if (deps.settings.StorageAccessOnFind === 'Never') return;
    const id = await oneInstance(resource);
    const dataSet = id === undefined ? undefined : (await reader.header(id))?.dataSet;
    for (const tag of missing) values.set(tag, dataSet ? fileValue(dataSet, tag) : null);
  };

  return {
    fields: fieldsFor(level, indexed, fromFile),
    learn: computing.learn,
    async read(resource) {
      const values = new Map<Tag, TagValue>();
      const missing: Tag[] = [];
      for (const tag of computed) {
        const value = await computing.value(resource, tag);
        if (value !== undefined) values.set(tag, value);
      }
      for (const tag of indexed) {
        // Most have one: nothing is waited for.
        const value = indexedText(resource, tag) ?? (await valueWithoutText(resource, tag));
        if (value === undefined) missing.push(tag.tag);
        else if (value !== 'absent') values.set(tag.tag, value);
      }
      for (const tag of fromFile) {
        const sopClass = tag === Tag.SOPClassUID ? metadataOf(resource, Metadata.SopClassUid) : undefined;
        if (sopClass === undefined) missing.push(tag);
        else values.set(tag, sopClass);
      }
      if (missing.length > 0) await readFile(resource, missing, values);
      return values;
    },
  };
}
