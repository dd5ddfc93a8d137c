// A resource as an answer shows it: what the index gave, and what is derived from it.

import type { Tag } from '@pharos/dicom';
import type { HashedAttachment, Level, MainDicomTagRegistry, OrthancId } from '../../model/index.ts';
import type { Resource, ResourceFields } from '../../ports/index.ts';
import { type HashDependencies, hashedIfReadable } from './attachment-hash.ts';
import { contentFields, type ResourceContent, unionOfFields } from './resource-content.ts';
import { type SeriesProgress, seriesProgress } from './resource-status.ts';
import { createTagReader, type TagReaderDependencies, type TagValues } from './resource-tags.ts';

export interface ResourceView {
  readonly resource: Resource;
  /** Where they are shown. */
  readonly attachments: readonly HashedAttachment[] | undefined;
  /** Of a series whose status is shown. */
  readonly progress: SeriesProgress | undefined;
  /** Values of the requested tags, where some were requested. */
  readonly requested: TagValues | undefined;
}

export interface ViewRequest {
  readonly level: Level;
  readonly content: ResourceContent;
  readonly requestedTags: readonly Tag[];
}

export interface Viewer {
  /** What the resources must be fetched with. */
  readonly fields: ResourceFields;
  /** Told of a batch that is completed next: see `TagReader.learn`. */
  learn(resources: readonly Resource[]): Promise<void>;
  /** Completes a resource fetched with these fields; a promise only where more must be read. */
  view(resource: Resource): ResourceView | Promise<ResourceView>;
}

export type ViewDependencies = TagReaderDependencies & HashDependencies & { readonly mainTags: MainDicomTagRegistry };

/** Keep it for one request. */
export function createViewer(deps: ViewDependencies, { level, content, requestedTags }: ViewRequest): Viewer {
  const ownFields = contentFields(content, level, deps.mainTags);
  const tags = requestedTags.length > 0 ? createTagReader(deps, level, requestedTags) : undefined;
  const showsProgress = level === 'Series' && (content.status || content.facts);
  return {
    fields: tags ? unionOfFields(ownFields, tags.fields) : ownFields,
    learn: async (resources) => tags?.learn(resources),
    view(resource) {
      const progress = showsProgress ? seriesProgress(deps.index, resource) : undefined;
      if (!tags && !content.attachments && !(progress instanceof Promise))
        return { resource, progress, attachments: undefined, requested: undefined };
      const attachments = content.attachments
        ? Promise.all(resource.attachments.map((attachment) => hashedIfReadable(deps, attachment)))
        : undefined;
      return Promise.all([progress, attachments, tags?.read(resource)]).then(([progress, attachments, requested]) => ({
        resource,
        progress,
        attachments,
        requested,
      }));
    },
  };
}

/** One resource of that level; undefined where there is none. */
export async function viewResource(
  deps: ViewDependencies,
  id: OrthancId,
  request: ViewRequest,
): Promise<ResourceView | undefined> {
  const viewer = createViewer(deps, request);
  const resource = await deps.index.get(id, viewer.fields);
  return resource?.level === request.level ? viewer.view(resource) : undefined;
}
