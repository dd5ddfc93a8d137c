// A resource as JSON: what expanded answers, ResponseContent and bulk-content show of it. Names in the order of the answer.
import { type Dictionary, parseTag, type TagFormat } from '@pharos/dicom';
import type { Json } from '../../http/index.ts';
import {
  Attachment,
  type HashedAttachment,
  type Level,
  levelPath,
  type MainDicomTagRegistry,
  Metadata,
  type NumberRegistry,
  type TagKey,
} from '../../model/index.ts';
import type { Resource, ResourceRef } from '../../ports/index.ts';
import {
  metadataOf,
  parseCount,
  type ResourceContent,
  type ResourceView,
  storedSequences,
} from '../../services/read/index.ts';
import { createTagsJson, type TagsObject } from './tags-json.ts';

export interface ResourceJsonDependencies {
  readonly dictionary: Dictionary;
  readonly mainTags: MainDicomTagRegistry;
  readonly metadataTypes: NumberRegistry;
}

export interface ResourceJsonOptions {
  readonly content: ResourceContent;
  readonly format: TagFormat;
}

type JsonObject = { readonly [key: string]: Json | undefined };

/** Path of a resource in the REST API. */
export function pathOf({ level, id }: ResourceRef): string {
  return `/${levelPath[level]}/${id}`;
}

/** A resource by its identity alone. */
export function referenceJson(ref: ResourceRef): Json {
  return { ID: ref.id, Path: pathOf(ref), Type: ref.level };
}

/** What is known of an attachment. */
export function attachmentJson(info: HashedAttachment): Json {
  return {
    CompressedMD5: info.compressedMd5,
    CompressedSize: info.compressedSize,
    ContentType: info.type,
    UncompressedMD5: info.uncompressedMd5,
    UncompressedSize: info.uncompressedSize,
    Uuid: info.uuid,
  };
}

function factsOf(resource: Resource, level: Level): JsonObject {
  const isInstance = level === 'Instance';
  const file = isInstance ? resource.attachments.find((info) => info.type === Attachment.dicom) : undefined;
  return {
    AnonymizedFrom: metadataOf(resource, Metadata.AnonymizedFrom),
    FileSize: file?.uncompressedSize,
    FileUuid: file?.uuid,
    IndexInSeries: isInstance ? (parseCount(metadataOf(resource, Metadata.IndexInSeries)) ?? null) : undefined,
    LastUpdate: isInstance ? undefined : metadataOf(resource, Metadata.LastUpdate),
    ModifiedFrom: metadataOf(resource, Metadata.ModifiedFrom),
  };
}

/** A function that shows views of resources; keep it for one answer. */
export function createResourceJson(
  { dictionary, mainTags, metadataTypes }: ResourceJsonDependencies,
  { content, format }: ResourceJsonOptions,
): (view: ResourceView) => Json {
  const tagsJson = createTagsJson(dictionary, format);

  const isOfLevel = (level: Level) => {
    const tags = mainTags.tags[level];
    const known = new Map<TagKey, boolean>();
    return (key: TagKey): boolean => {
      const before = known.get(key);
      if (before !== undefined) return before;
      const isOfIt = tags.has(parseTag(key) ?? -1);
      known.set(key, isOfIt);
      return isOfIt;
    };
  };
  const isOfStudy = isOfLevel('Study');
  const isOfPatient = isOfLevel('Patient');

  /** Of a study without the patient's, which it may keep too. */
  const ownTags = (resource: Resource): TagsObject | undefined => {
    if (!content.mainTags) return undefined;
    const tags = tagsJson.ofMainTags(resource.tags, resource.level === 'Study' ? isOfStudy : undefined);
    const stored = metadataOf(resource, Metadata.MainDicomSequences);
    return stored === undefined ? tags : { ...tags, ...tagsJson.ofSequences(storedSequences(stored)) };
  };

  /** Of the patient of a study, as the study's own files have them. */
  const patientTags = ({ level, tags }: Resource): Json | undefined =>
    content.mainTags && level === 'Study' ? tagsJson.ofMainTags(tags, isOfPatient) : undefined;

  const metadataJson = (resource: Resource): Json => {
    const named: { [name: string]: string } = {};
    for (const { type, value } of resource.metadata) named[metadataTypes.nameOf(type)] = value;
    return named;
  };

  return ({ resource, progress, attachments, requested }) => {
    const { level } = resource;
    const facts = content.facts ? factsOf(resource, level) : undefined;
    const parent = content.parent ? resource.parent : undefined;
    const children = content.children ? resource.children : undefined;
    return {
      AnonymizedFrom: facts?.AnonymizedFrom,
      Attachments: attachments?.map(attachmentJson),
      ExpectedNumberOfInstances: content.facts && progress ? (progress.expected ?? null) : undefined,
      FileSize: facts?.FileSize,
      FileUuid: facts?.FileUuid,
      ID: resource.id,
      IndexInSeries: facts?.IndexInSeries,
      Instances: level === 'Series' ? children : undefined,
      IsProtected: content.isProtected && level === 'Patient' ? resource.isProtected : undefined,
      IsStable: content.isStable && level !== 'Instance' ? resource.isStable : undefined,
      Labels: content.labels ? resource.labels : undefined,
      LastUpdate: facts?.LastUpdate,
      MainDicomTags: ownTags(resource),
      Metadata: content.metadata ? metadataJson(resource) : undefined,
      ModifiedFrom: facts?.ModifiedFrom,
      ParentPatient: level === 'Study' ? parent : undefined,
      ParentSeries: level === 'Instance' ? parent : undefined,
      ParentStudy: level === 'Series' ? parent : undefined,
      PatientMainDicomTags: patientTags(resource),
      RequestedTags: requested && tagsJson.ofValues(requested),
      Series: level === 'Study' ? children : undefined,
      Status: content.status && progress ? progress.status : undefined,
      Studies: level === 'Patient' ? children : undefined,
      Type: level,
    };
  };
}
