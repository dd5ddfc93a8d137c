// Basic Application Level Confidentiality Profiles (PS3.15 E, table E.1-1) of four editions, as clients of Orthanc know them.
import { cell, type ModuleFiles, packedModule, type Row } from './table.ts';

const editions = ['2008', '2017c', '2021b', '2023b'];

/** X removes, Z empties, U puts another UID in the place; `-`: nothing. What the standard says beyond that is in brackets. */
const actionOf = (rule: string): string => rule.trim().charAt(0) || '-';

export function profilesModule(rows: readonly Row[]): ModuleFiles {
  const lines = rows.map((row) => {
    const actions = editions.map((edition) => actionOf(cell(row, `rule_${edition}`)));
    return `${cell(row, 'tag')}\t${actions.join('')}`;
  });
  return packedModule(
    'confidentiality-profiles',
    `// Confidentiality profiles (PS3.15 E.1): tag or range of tags, actions in the editions ${editions.join(', ')}.`,
    'confidentialityTable',
    lines,
  );
}
