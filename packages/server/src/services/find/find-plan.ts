// Splits a search into what the index answers and what must be looked at resource by resource.
import { Tag } from '@pharos/dicom';
import { isAbove, type Level, type MainDicomTagRegistry, PharosError } from '../../model/index.ts';
import type { IndexQuery, OrderTerm, TagTerm } from '../../ports/index.ts';
import { isComputedTag } from '../read/index.ts';
import type { FindOrder, FindRequest, FindTerm } from './find-request.ts';

export interface FindPlan {
  /** Its limit bounds the candidates where there are residual terms. */
  readonly query: IndexQuery;
  /** Terms on attributes that the index does not hold. */
  readonly residual: readonly FindTerm[];
  /** At most so many results. */
  readonly limit: number | undefined;
}

export interface FindPlanOptions {
  readonly mainTags: MainDicomTagRegistry;
  /** LimitFindResults or LimitFindInstances; 0 is no limit. */
  readonly maximumResults: number;
}

/** Where the index holds this tag for a resource of that level: there, else as near above as possible, else below. */
export function indexLevelOf(tag: Tag, level: Level, mainTags: MainDicomTagRegistry): Level | undefined {
  const levels = mainTags.levelsOf(tag);
  if (levels.includes(level)) return level;
  return levels.findLast((other) => isAbove(other, level)) ?? levels[0];
}

/** Whether a value of this tag, for a resource of that level, is read out of a file: the index neither holds nor computes it. */
export function isInFilesOnly(tag: Tag, level: Level, mainTags: MainDicomTagRegistry): boolean {
  if (isComputedTag(tag) || (tag === Tag.SOPClassUID && level === 'Instance')) return false;
  return indexLevelOf(tag, level, mainTags) === undefined;
}

function indexedTerm(term: FindTerm, level: Level, mainTags: MainDicomTagRegistry): TagTerm | undefined {
  // Modalities in Study is no attribute of its own: it gathers those of the series (PS3.4 C.3.4).
  if (term.tag === Tag.ModalitiesInStudy) return { ...term, tag: Tag.Modality, level: 'Series' };
  const found = indexLevelOf(term.tag, level, mainTags);
  return found && { ...term, level: found };
}

/** Undefined where the index has no value: then it orders nothing. */
function orderTerm(order: FindOrder, level: Level, mainTags: MainDicomTagRegistry): OrderTerm | undefined {
  const { key, as, descending } = order;
  if ('metadata' in key) return { key, as, descending };
  const found = indexLevelOf(key.tag, level, mainTags);
  return found && { key: { tag: key.tag, level: found }, as, descending };
}

function smallest(...limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined && limit > 0);
  return given.length === 0 ? undefined : Math.min(...given.map(Number));
}

/** @throws PharosError BadRequest for `since` together with a term that the index cannot answer */
export function planFind(request: FindRequest, { mainTags, maximumResults }: FindPlanOptions): FindPlan {
  const terms: TagTerm[] = [];
  const residual: FindTerm[] = [];
  for (const term of request.terms ?? []) {
    const indexed = indexedTerm(term, request.level, mainTags);
    if (indexed) terms.push(indexed);
    else residual.push(term);
  }
  if (residual.length > 0 && (request.since ?? 0) > 0) {
    throw new PharosError('BadRequest', 'Since cannot be used with a tag that is not in the index');
  }
  const orderBy = (request.orderBy ?? [])
    .map((order) => orderTerm(order, request.level, mainTags))
    .filter((order) => order !== undefined);
  const limit = smallest(request.limit, maximumResults);
  const query: IndexQuery = {
    level: request.level,
    terms,
    metadata: request.metadata,
    labels: request.labels,
    within: request.within,
    orderBy,
    since: request.since,
    limit: residual.length === 0 ? limit : smallest(maximumResults),
  };
  return { query, residual, limit };
}
