// A match (PS3.4 C.2.2.2, in the form of the port) as a condition in SQL.
import type { SQLInputValue } from 'node:sqlite';
import { foldCase } from '@pharos/dicom';
import { PharosError } from '../model/index.ts';
import type { Match } from '../ports/index.ts';

/** A piece of SQL with the values of its parameters, in order. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** SQLite refuses patterns from 50,000 bytes on. */
const longestPattern = 10_000;

/** Sorts after every text that begins with the same characters. */
const last = '\u{10ffff}';

/** The pattern as SQLite's GLOB takes it: there `[` has a meaning too. */
function globOf(pattern: string): string {
  if (pattern.length > longestPattern) throw new PharosError('ParameterOutOfRange', 'The wildcard pattern is too long');
  return pattern.replace(/\*+/g, '*').replaceAll('[', '[[]');
}

/** @param caseSensitive false folds the wanted values; what they are compared with must be folded already */
export function matchCondition(expression: string, match: Match, caseSensitive: boolean): Condition {
  const fold = caseSensitive ? (text: string): string => text : foldCase;
  switch (match.kind) {
    case 'equal':
      return { sql: `${expression} = ?`, values: [fold(match.value)] };
    case 'list':
      return { sql: `in_list(${expression}, ?)`, values: [JSON.stringify(match.values.map(fold))] };
    case 'wildcard':
      if (/^\*+$/.test(match.pattern)) return { sql: `${expression} IS NOT NULL`, values: [] };
      return { sql: `${expression} GLOB ?`, values: [globOf(fold(match.pattern))] };
    case 'range':
      return rangeCondition(expression, match.from, match.to, fold);
  }
}

function rangeCondition(
  expression: string,
  from: string | undefined,
  to: string | undefined,
  fold: (text: string) => string,
): Condition {
  const sql = [`${expression} IS NOT NULL`];
  const values: string[] = [];
  if (from !== undefined) {
    sql.push(`${expression} >= ?`);
    values.push(fold(from));
  }
  if (to !== undefined) {
    sql.push(`${expression} <= ?`);
    values.push(fold(to));
  }
  return { sql: sql.join(' AND '), values };
}

/** The match on the folded values of one identifier tag, as a search of the index `identifier`. */
export function identifierCondition(code: number, componentCode: number, match: Match): Condition {
  if (match.kind === 'list') {
    const values = JSON.stringify(match.values.map(foldCase));
    return {
      sql: `i.tag IN (${code}, ${componentCode}) AND i.value IN (SELECT value FROM json_each(?))`,
      values: [values],
    };
  }
  const prefix = match.kind === 'wildcard' ? (/^[^*?]*/.exec(foldCase(match.pattern))?.[0] ?? '') : '';
  const inner = matchCondition('i.value', match, false);
  if (prefix === '') return { sql: `i.tag = ${code} AND ${inner.sql}`, values: inner.values };
  return {
    sql: `i.tag = ${code} AND i.value >= ? AND i.value < ? AND ${inner.sql}`,
    values: [prefix, prefix + last, ...inner.values],
  };
}

const withoutCase = /^[\d.^*\-\\ ]*$/;

function wanted(match: Match): readonly string[] {
  if (match.kind === 'equal') return [match.value];
  if (match.kind === 'list') return match.values;
  if (match.kind === 'wildcard') return [match.pattern];
  return [match.from ?? '', match.to ?? ''];
}

/** True where folding changes nothing: a search of folded values is then the whole answer even if case counts. */
export function isWithoutCase(match: Match): boolean {
  return wanted(match).every((text) => withoutCase.test(text));
}
