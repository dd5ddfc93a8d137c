// Vendors' private attributes, from conformance statements, grouped by private creator (PS3.5 7.8.1).
import { cell, type ModuleFiles, packedModule, type Row } from './table.ts';

/** `=creator`, then `group[-group] element VR VM name` for each of its attributes. */
export function privateAttributesModule(rows: readonly Row[]): ModuleFiles {
  const creators = new Map<string, string[]>();
  for (const row of rows) {
    const creator = cell(row, 'creator');
    const lines = creators.get(creator) ?? [];
    lines.push(['group', 'element', 'vr', 'vm', 'name'].map((column) => cell(row, column)).join(' '));
    creators.set(creator, lines);
  }
  const lines = [...creators].flatMap(([creator, attributes]) => [`=${creator}`, ...attributes]);
  return packedModule(
    'private-attributes',
    "// Vendors' private attributes: `=creator`, then `group[-group] element VR VM name` (two digits: within the block).",
    'privateAttributeTable',
    lines,
  );
}
