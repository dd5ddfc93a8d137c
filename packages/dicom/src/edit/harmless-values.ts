// Values that take the place of identifying ones: dummies by value representation, dates that are moved, text of which only terms of
// imaging are left (PS3.15 E.1, E.3.5, E.3.6).
import type { Vr } from '../vr.ts';
import { descriptorTerms } from './descriptor-terms.ts';

const dummyText = 'ANONYMIZED';
const numbers: ReadonlySet<Vr> = new Set(['US', 'SS', 'UL', 'SL', 'UV', 'SV', 'FL', 'FD']);
const texts: ReadonlySet<Vr> = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const others: Partial<Record<Vr, string>> = {
  AS: '000Y',
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  TM: '000000',
  UR: 'urn:anonymized',
};

/** A value of the representation that says nothing; undefined: there is none, as for identifiers and sequences. */
export function dummyValue(vr: Vr): string | number | Uint8Array | undefined {
  if (texts.has(vr)) return dummyText;
  if (numbers.has(vr)) return 0;
  if (vr === 'SQ' || vr === 'UI' || vr === 'AT') return undefined;
  return others[vr] ?? new Uint8Array(8);
}

const dayMs = 86_400_000;

/** `YYYYMMDD` some days earlier; undefined: it is no date. */
function earlierDate(text: string, days: number): string | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text) ?? [];
  if (year === '') return undefined;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day)) - days * dayMs;
  const date = new Date(time);
  const isPossible = Number(month) >= 1 && Number(month) <= 12 && Number(year) >= 1000 && date.getUTCFullYear() >= 1;
  return isPossible ? date.toISOString().slice(0, 10).replaceAll('-', '') : undefined;
}

/** What follows the date in a DT: time, fraction, offset from UTC (PS3.5 6.2). */
const timeOfDay = /^(?:\d{2}){0,3}(?:\.\d{1,6})?(?:[+-]\d{4})?$/;

/** Dates (DA, DT) moved back by whole days; times stay. undefined: there is a value that is no whole date. */
export function earlierDates(text: string, days: number): string | undefined {
  const values = text.split('\\').map((value) => {
    const trimmed = value.trim();
    if (trimmed === '') return '';
    const length = trimmed.charAt(4) === '.' ? 10 : 8;
    const [date, time] = [earlierDate(trimmed.slice(0, length), days), trimmed.slice(length)];
    return date === undefined || !timeOfDay.test(time) ? undefined : date + time;
  });
  return values.includes(undefined) ? undefined : values.join('\\');
}

/** With their unit: bare numbers may be pieces of dates, of telephone numbers, of identifiers. */
const measure = /^(?:\d{1,3}\.\d{1,3}(?:mm|cm|ms|t)|\d{1,3}(?:mm|cm|ms|s|kv|ma|deg|t))$/;

/** Letters of the longest that is looked at. */
const longestWord = 32;
/** Characters of the longest text that is looked at. */
const longestDescription = 10_240;

const isHarmless = (word: string): boolean => descriptorTerms.has(word) || measure.test(word);

/**
 * The words of a description that are terms of imaging, and measures: '' where there are none, and for very long texts.
 * @param names words in small letters that are left out even so: somebody may be called Long
 */
export function cleanedDescription(text: string, names: ReadonlySet<string>): string {
  if (text.length > longestDescription) return '';
  // In pieces, `w/o` would say the opposite.
  return text
    .replace(/\bw\/o\b/gi, 'without')
    .split(/[^\p{L}\p{N}.*+]+/u)
    .filter((word) => word.length <= longestWord)
    .map((word) => word.replace(/^[.*+]+|[.]+$/g, ''))
    .filter((word) => isHarmless(word.toLowerCase()) && !names.has(word.toLowerCase()))
    .join(' ');
}
