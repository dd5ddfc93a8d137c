// What an answer shows of a resource, and so what the index is asked for: no more than that.
import { type Tag, vrOf } from '@pharos/dicom';
import type { Level, MainDicomTagRegistry } from '../../model/index.ts';
import type { ResourceFields } from '../../ports/index.ts';

export interface ResourceContent {
  readonly mainTags: boolean;
  /** All metadata, under their names. */
  readonly metadata: boolean;
  readonly status: boolean;
  readonly parent: boolean;
  readonly children: boolean;
  readonly labels: boolean;
  readonly attachments: boolean;
  readonly isStable: boolean;
  readonly isProtected: boolean;
  /** Single facts out of metadata and attachments: last update, origin of a modification, place in the series, size of the file. */
  readonly facts: boolean;
}

/** Level and identifier only. */
export const bareContent: ResourceContent = {
  mainTags: false,
  metadata: false,
  status: false,
  parent: false,
  children: false,
  labels: false,
  attachments: false,
  isStable: false,
  isProtected: false,
  facts: false,
};

/** What an expanded resource shows. */
export const expandedContent: ResourceContent = {
  ...bareContent,
  mainTags: true,
  status: true,
  parent: true,
  children: true,
  labels: true,
  isStable: true,
  isProtected: true,
  facts: true,
};

/** True where some main DICOM tag of the level is a sequence: those are kept as metadata. */
function hasSequences(level: Level, mainTags: MainDicomTagRegistry): boolean {
  for (const tag of mainTags.tags[level]) if (isSequence(tag)) return true;
  return false;
}

export function isSequence(tag: Tag): boolean {
  return vrOf(tag) === 'SQ';
}

/** What the index must give for a content at a level. */
export function contentFields(content: ResourceContent, level: Level, mainTags: MainDicomTagRegistry): ResourceFields {
  return {
    tags: content.mainTags,
    // A study keeps the tags of its patient itself.
    ancestors: false,
    children: content.children && level !== 'Instance',
    metadata:
      content.metadata ||
      content.facts ||
      (content.status && level === 'Series') ||
      (content.mainTags && hasSequences(level, mainTags)),
    labels: content.labels,
    attachments: content.attachments || (content.facts && level === 'Instance'),
  };
}

export function unionOfFields(a: ResourceFields, b: ResourceFields): ResourceFields {
  return {
    tags: a.tags || b.tags,
    ancestors: a.ancestors || b.ancestors,
    children: a.children || b.children,
    metadata: a.metadata || b.metadata,
    labels: a.labels || b.labels,
    attachments: a.attachments || b.attachments,
  };
}
