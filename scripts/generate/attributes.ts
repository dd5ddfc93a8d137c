// Attributes of the standard (PS3.6 6-9, PS3.7 E): the Tag constants, the packed table, the repeating groups.
import { spacedKeyword } from '../../packages/dicom/src/dictionary/keyword.ts';
import { cell, type ModuleFiles, notice, packedModule, type Row } from './table.ts';

const tagsComment =
  '// Tags of the attributes by keyword (PS3.6 6-9, PS3.7 E), in tag order; repeating groups are not among them.\n' +
  notice;

const hexOf = (row: Row) => cell(row, 'tag').replace(/[(),]/g, '').toLowerCase();
const isRepeating = (row: Row) => hexOf(row).includes('x');
const isNamed = (row: Row) => cell(row, 'keyword') !== '';
const byTag = (a: Row, b: Row) => (hexOf(a) < hexOf(b) ? -1 : 1);

/** Value representations, the one taken without explicit VR first: US before SS, OW before OB and US. */
function vrsOf(row: Row): string[] {
  const text = cell(row, 'vr');
  if (text.startsWith('See')) return ['UN'];
  const vrs = text.split(' or ');
  if (vrs.includes('SS') && vrs.includes('US')) return vrs;
  return vrs.includes('OW') ? ['OW', ...vrs.filter((vr) => vr !== 'OW')] : vrs;
}

/** `tag VR R|- VM` TAB keyword TAB name unless it is the keyword with spaces TAB further VRs. */
function line(row: Row): string {
  const [vr, ...others] = vrsOf(row);
  const keyword = cell(row, 'keyword');
  const name = cell(row, 'name');
  const fields = [
    `${hexOf(row)}${vr}${cell(row, 'retired') === 'Y' ? 'R' : '-'}${cell(row, 'vm')}`,
    keyword,
    spacedKeyword(keyword) === name ? '' : name,
    others.join(' '),
  ];
  return fields.join('\t').trimEnd();
}

const tagRows = (rows: readonly Row[]) => rows.filter((row) => isNamed(row) && !isRepeating(row)).sort(byTag);

/** Plain JavaScript that parses JSON: five thousand properties load ten times faster than as TypeScript. */
export function tagModule(rows: readonly Row[]): ModuleFiles {
  const named = tagRows(rows);
  const tags = Object.fromEntries(named.map((row) => [cell(row, 'keyword'), Number.parseInt(hexOf(row), 16)]));
  const types = named.map((row) => `  readonly ${cell(row, 'keyword')}: 0x${hexOf(row)};`);
  return {
    'tags.js': `${tagsComment}export const Tag = JSON.parse('${JSON.stringify(tags)}');\n`,
    'tags.d.ts': [`${tagsComment}export declare const Tag: {`, ...types, '};', 'export type Tag = number;', ''].join(
      '\n',
    ),
  };
}

export function attributesModule(rows: readonly Row[]): ModuleFiles {
  const comment =
    '// Attributes by tag: `tag VR R|- VM`, keyword, name (if not the spaced keyword), further VRs (PS3.6 6-9).';
  return packedModule('attributes', comment, 'attributeTable', tagRows(rows).map(line));
}

export function repeatingModule(rows: readonly Row[]): ModuleFiles {
  const lines = rows.filter(isRepeating).sort(byTag).map(line);
  const comment =
    '// Attributes of repeating groups, x for any digit: `tag VR R|- VM`, keyword, name, further VRs (PS3.6 6-9).';
  return packedModule('repeating-attributes', comment, 'repeatingAttributeTable', lines);
}
