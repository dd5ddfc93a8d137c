// Writes packages/dicom/src/generated from tables: the attributes of PS3.6 and PS3.7 E, UIDs of PS3.6 A, storage SOP
// classes and vendors' private attributes. `npm run generate [-- FOLDER]`; FOLDER holds attributes.tsv (PS3.6 6-9)
// and confidentiality-profile.tsv (PS3.15 E).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributesModule, repeatingModule, tagModule } from './attributes.ts';
import { deidentificationModule, withoutNotes } from './deidentification.ts';
import { privateAttributesModule } from './private-attributes.ts';
import { profilesModule } from './profiles.ts';
import { parseTable } from './table.ts';
import { storageClassesModule, uidsModule } from './uids.ts';

const root = join(import.meta.dirname, '..', '..');
const facts = join(import.meta.dirname, 'data');
const standard = process.argv[2] ?? join(root, '..', 'shared', 'data', 'dicom-standard');
const target = join(root, 'packages', 'dicom', 'src', 'generated');

const read = (folder: string, name: string) => parseTable(readFileSync(join(folder, name), 'utf8'));

const attributes = [...read(facts, 'command-attributes.tsv'), ...read(standard, 'attributes.tsv')];
const files = Object.assign(
  {},
  tagModule(attributes),
  attributesModule(attributes),
  repeatingModule(attributes),
  privateAttributesModule(read(facts, 'private-attributes.tsv')),
  uidsModule(read(facts, 'uids.tsv')),
  storageClassesModule(read(facts, 'storage-classes.tsv')),
  profilesModule(read(facts, 'confidentiality-profiles.tsv')),
  deidentificationModule(parseTable(withoutNotes(readFileSync(join(standard, 'confidentiality-profile.tsv'), 'utf8')))),
);

mkdirSync(target, { recursive: true });
for (const [name, source] of Object.entries<string>(files)) writeFileSync(join(target, name), source);
console.log(`${Object.keys(files).length} files written to ${target}`);
