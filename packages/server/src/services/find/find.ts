// Runs a search: the index gives candidates in batches, values it does not hold are read and matched, the view is completed.
import type { Tag } from '@pharos/dicom';
import { type Level, PharosError, type Settings } from '../../model/index.ts';
import type { IndexQuery, Resource, ResourceReader } from '../../ports/index.ts';
import {
  createViewer,
  type ResourceContent,
  type ResourceView,
  type ViewDependencies,
  type Viewer,
} from '../read/index.ts';
import { type FindPlan, planFind } from './find-plan.ts';
import type { FindRequest, FindTerm } from './find-request.ts';
import { textMatcher } from './matcher.ts';

export type FindDependencies = Omit<ViewDependencies, 'settings' | 'index'> & {
  readonly settings: Pick<Settings, 'StorageAccessOnFind' | 'LimitFindResults' | 'LimitFindInstances'>;
  readonly index: ViewDependencies['index'] & Pick<ResourceReader, 'count'>;
};

export interface FindContent {
  readonly content: ResourceContent;
  readonly requestedTags: readonly Tag[];
}

/** How many files are read at a time. */
const parallelReads = 8;

function maximumResults(level: Level, settings: FindDependencies['settings']): number {
  return level === 'Instance' ? settings.LimitFindInstances : settings.LimitFindResults;
}

type ViewMatcher = (view: ResourceView) => boolean;

/** Tells whether the tags that were read with a view satisfy the terms. */
function viewMatcher(terms: readonly FindTerm[]): ViewMatcher {
  const matchers = terms.map((term) => ({ tag: term.tag, matches: textMatcher(term) }));
  return ({ requested }) =>
    matchers.every(({ tag, matches }) => {
      const value = requested?.get(tag);
      return typeof value === 'string' && matches(value);
    });
}

/** Views of a batch, in order, at least `together` at a time while there are so many; files are read some at a time. */
async function* viewed(
  batch: readonly Resource[],
  viewer: Viewer,
  together: number,
): AsyncGenerator<readonly ResourceView[]> {
  let views: ResourceView[] = [];
  if (batch.length > 1) await viewer.learn(batch);
  for (let i = 0; i < batch.length; i += parallelReads) {
    views.push(...(await Promise.all(batch.slice(i, i + parallelReads).map(viewer.view))));
    if (views.length < together && i + parallelReads < batch.length) continue;
    yield views;
    views = [];
  }
}

async function* run(
  deps: ViewDependencies,
  { query, residual, limit }: FindPlan,
  { content, requestedTags }: FindContent,
): AsyncGenerator<readonly ResourceView[]> {
  const viewer = createViewer(deps, { level: query.level, content, requestedTags });
  // Requested tags may be whole sequences out of files: too much to be kept for a batch.
  const together = requestedTags.length > 0 ? parallelReads : Number.POSITIVE_INFINITY;
  const matches = viewMatcher(residual);
  let left = limit ?? Number.POSITIVE_INFINITY;
  for await (const batch of deps.index.find(query, viewer.fields)) {
    for await (const views of viewed(batch, viewer, together)) {
      const matching = residual.length === 0 ? views : views.filter(matches).slice(0, left);
      yield matching;
      left -= matching.length;
      if (left <= 0) return;
    }
  }
}

/**
 * Resources that match, in batches. What cannot be answered is refused at once, not at the first batch.
 * With a term on a tag that is not in the index, the candidates are bounded by LimitFindResults or LimitFindInstances, and the tag
 * is among the requested ones of the views.
 * @throws PharosError BadRequest
 */
export function findResources(
  deps: FindDependencies,
  request: FindRequest,
  { content, requestedTags }: FindContent,
): AsyncIterable<readonly ResourceView[]> {
  const { mainTags, settings } = deps;
  const plan = planFind(request, { mainTags, maximumResults: maximumResults(request.level, settings) });
  const tags = [...requestedTags, ...plan.residual.map((term) => term.tag)];
  return run(deps, plan, { content, requestedTags: tags });
}

/** The resources of a level, or those below one of them; LimitFindResults and LimitFindInstances do not count here. */
export function listResources(
  deps: ViewDependencies,
  query: Pick<IndexQuery, 'level' | 'within' | 'since' | 'limit'>,
  content: FindContent,
): AsyncIterable<readonly ResourceView[]> {
  return run(deps, { query, residual: [], limit: undefined }, content);
}

/** How many match. @throws PharosError BadRequest for a tag that is not in the index */
export async function countResources(deps: FindDependencies, request: FindRequest): Promise<number> {
  const { query, residual } = planFind(request, { mainTags: deps.mainTags, maximumResults: 0 });
  if (residual.length > 0) throw new PharosError('BadRequest', 'Tags that are not in the index cannot be counted');
  return deps.index.count(query);
}
