// The Basic Application Level Confidentiality Profile as it stands now, with its options (PS3.15 E, table E.1-1).
import { cell, type ModuleFiles, packedModule, type Row } from './table.ts';

/** Columns of options, and the letters that stand for them. */
const options = [
  ['cleanDescOpt', 't'],
  ['rtnDevIdOpt', 'd'],
  ['rtnInstIdOpt', 'i'],
  ['rtnLongFullDatesOpt', 'f'],
  ['rtnLongModifDatesOpt', 'm'],
  ['rtnPatCharsOpt', 'p'],
  ['rtnUIDsOpt', 'u'],
] as const;

/** `(50XX,XXXX)` as the range `5000-50ff,0000-ffff`; undefined: private attributes, which have a rule of their own. */
function tagOrRange(text: string): string | undefined {
  const [, group = '', element = ''] = /^\(([\dA-FX]{4}),([\dA-FX]{4})\)$/.exec(text) ?? [];
  if (group === '') return undefined;
  if (!`${group}${element}`.includes('X')) return `${group},${element}`.toLowerCase();
  const bounds = [group, element].map((part) => `${part.replaceAll('X', '0')}-${part.replaceAll('X', 'F')}`);
  return bounds.join(',').toLowerCase();
}

/** A letter for each option that lets the attribute be: small where it is kept, capital where it is kept and cleaned. */
function lettersOf(row: Row): string {
  return options
    .map(([column, letter]) => {
      const action = cell(row, column);
      if (action === '') return '';
      return action === 'C' ? letter.toUpperCase() : letter;
    })
    .join('');
}

export function deidentificationModule(rows: readonly Row[]): ModuleFiles {
  const lines = rows.flatMap((row) => {
    const tag = tagOrRange(cell(row, 'tag'));
    return tag === undefined ? [] : [`${tag}\t${cell(row, 'basicProfile')}\t${lettersOf(row)}`];
  });
  return packedModule(
    'deidentification',
    '// De-identification (PS3.15 E.1): tag or range of tags, action of the basic profile, options that let the value be.',
    'deidentificationTable',
    lines,
  );
}

/** Notes that break records over several lines. */
export const withoutNotes = (table: string): string => table.replaceAll(/\n+\(see Note \d+\)/g, '');
