// The identifier tags: those of each level that are looked up by value, in a table of their own under folded case. A value
// of several components is found as a whole, and, in list matching, by any of its components.
import { foldCase, type Tag } from '@pharos/dicom';
import type { Level, MainDicomTags } from '../model/index.ts';
import type { Database } from './database.ts';
import { textRecord } from './rows.ts';

const known: Readonly<Record<Level, readonly (readonly [key: string, code: number])[]>> = {
  Patient: [
    ['0010,0020', 1],
    ['0010,0010', 2],
    ['0010,0030', 3],
  ],
  Study: [
    ['0020,000d', 4],
    ['0008,0050', 5],
    ['0008,1030', 6],
    ['0008,0020', 7],
    ['0010,0020', 10],
    ['0010,0010', 11],
    ['0010,0030', 12],
  ],
  Series: [['0020,000e', 8]],
  Instance: [['0008,0018', 9]],
};

/** Added to the code of a tag for the components of its value. */
export const componentCodes = 100;

/** PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID: what a look-up searches. */
export const lookupCodes: Readonly<Record<Level, number>> = { Patient: 1, Study: 4, Series: 8, Instance: 9 };

const codes = new Map(
  Object.entries(known).flatMap(([level, tags]) =>
    tags.map(([key, code]) => [`${level} ${Number.parseInt(key.replace(',', ''), 16)}`, code] as const),
  ),
);

/** The code under which values of this tag are indexed; undefined where they are not. */
export function identifierCode(level: Level, tag: Tag): number | undefined {
  return codes.get(`${level} ${tag}`);
}

function forEachRow(level: Level, tags: MainDicomTags, visit: (code: number, value: string) => void): void {
  for (const [tag, code] of known[level]) {
    const value = tags[tag];
    if (value === undefined) continue;
    visit(code, foldCase(value));
    if (!value.includes('\\')) continue;
    for (const component of new Set(value.split('\\'))) visit(code + componentCodes, foldCase(component));
  }
}

export function addIdentifiers(database: Database, level: Level, key: number, tags: MainDicomTags): void {
  forEachRow(level, tags, (code, value) => {
    database.run('INSERT OR IGNORE INTO identifier VALUES (?, ?, ?)', code, value, key);
  });
}

export function removeIdentifiers(database: Database, level: Level, keys: string): void {
  const rows = database.rows('SELECT key, tags FROM detail WHERE key IN (SELECT value FROM json_each(?))', keys);
  for (const row of rows) {
    forEachRow(level, textRecord(row[1]), (code, value) => {
      database.run('DELETE FROM identifier WHERE tag = ? AND value = ? AND key = ?', code, value, row[0] ?? null);
    });
  }
}
