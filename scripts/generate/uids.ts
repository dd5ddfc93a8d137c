// Registered UIDs (PS3.6 A) and the storage SOP classes with the modality that usually makes them (PS3.4 B.5).
import { cell, type ModuleFiles, packedModule, type Row } from './table.ts';

const root = '1.2.840.10008.';

function shortened(uid: string): string {
  if (!uid.startsWith(root)) throw new Error(`${uid} is not a UID of the standard`);
  return uid.slice(root.length);
}

export function uidsModule(rows: readonly Row[]): ModuleFiles {
  const lines = rows.map((row) => `${shortened(cell(row, 'uid'))}\t${cell(row, 'keyword')}\t${cell(row, 'name')}`);
  return packedModule('uids', '// UIDs under 1.2.840.10008 (PS3.6 A): the rest, keyword, name.', 'uidTable', lines);
}

export function storageClassesModule(rows: readonly Row[]): ModuleFiles {
  const lines = rows.map((row) =>
    `${shortened(cell(row, 'uid'))}\t${cell(row, 'keyword')}\t${cell(row, 'modality')}`.trimEnd(),
  );
  return packedModule(
    'storage-classes',
    '// Storage SOP classes (PS3.4 B.5, incl. retired, draft, DICONDE, DICOS): UID under 1.2.840.10008, keyword, modality.',
    'storageClassTable',
    lines,
  );
}
