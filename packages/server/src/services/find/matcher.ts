// Matches a value that is not in the index, by the rules that the index applies to its own (PS3.4 C.2.2.2).
import { foldCase, matchesWildcard } from '@pharos/dicom';
import type { FindTerm } from './find-request.ts';

type TextMatcher = (text: string) => boolean;

function foldedMatcher({ match }: FindTerm, fold: (text: string) => string): TextMatcher {
  switch (match.kind) {
    case 'equal': {
      const expected = fold(match.value);
      return (text) => fold(text) === expected;
    }
    case 'list': {
      const expected = new Set(match.values.map(fold));
      return (text) =>
        fold(text)
          .split('\\')
          .some((value) => expected.has(value));
    }
    case 'wildcard': {
      const pattern = fold(match.pattern);
      return (text) => matchesWildcard(pattern, fold(text));
    }
    case 'range': {
      const from = match.from === undefined ? undefined : fold(match.from);
      const to = match.to === undefined ? undefined : fold(match.to);
      return (text) => (from === undefined || fold(text) >= from) && (to === undefined || fold(text) <= to);
    }
  }
}

/** A function that tells whether a text satisfies the term. */
export function textMatcher(term: FindTerm): TextMatcher {
  return foldedMatcher(term, term.caseSensitive ? (text) => text : foldCase);
}
