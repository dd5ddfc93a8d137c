export { foldCase } from './fold-case.ts';
export { matchesWildcard } from './wildcard.ts';
