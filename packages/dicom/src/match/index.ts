export { foldCase } from './fold-case.ts';
export { normaliseIdentifier } from './identifier.ts';
export { hasWildcard, matchesWildcard } from './wildcard.ts';
