// Searching: a request is planned, answered by the index, and completed by values that only files hold.

export { countResources, type FindContent, type FindDependencies, findResources, listResources } from './find.ts';
export { type FindPlan, type FindPlanOptions, indexLevelOf, isInFilesOnly, planFind } from './find-plan.ts';
export type { FindOrder, FindRequest, FindTerm } from './find-request.ts';
export { findTerm, matchOf, metadataMatchOf } from './find-term.ts';
export { textMatcher } from './matcher.ts';
