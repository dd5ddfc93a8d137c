// What the identifier of a C-MOVE or C-GET names (PS3.4 C.4.2.2.1, C.4.3.2.1), as Orthanc reads it: unique keys, or lists of them.
import { type DataSet, Tag } from '@pharos/dicom';
import { type Level, type OrthancId, PharosError, parseLevel } from '../../model/index.ts';
import type { IndexStore, ResourceRef } from '../../ports/index.ts';
import { instancesBelow } from './selection.ts';

type Deps = { readonly index: Pick<IndexStore, 'find'> };

interface Named {
  readonly level: Level;
  readonly key: Tag;
}

const uniqueKeys: Readonly<Record<Level, Tag>> = {
  Patient: Tag.PatientID,
  Study: Tag.StudyInstanceUID,
  Series: Tag.SeriesInstanceUID,
  Instance: Tag.SOPInstanceUID,
};
const mostValues = 10_000;

const textOf = (identifier: DataSet, key: Tag): string => identifier.texts(key).join('\\');

/** @throws PharosError BadRequest where there are too many */
function valuesOf(identifier: DataSet, key: Tag): readonly string[] {
  const values = identifier.texts(key).filter((value) => value !== '');
  if (values.length <= mostValues) return [...new Set(values)];
  throw new PharosError('BadRequest', `The identifier names more than ${mostValues} resources`);
}

/** An accession number may be that of several studies. */
async function resourcesOf({ index }: Deps, { level, key }: Named, value: string): Promise<readonly ResourceRef[]> {
  const found: ResourceRef[] = [];
  const term = { tag: key, level, match: { kind: 'equal', value }, caseSensitive: true } as const;
  for await (const batch of index.find({ level, terms: [term] }, {})) found.push(...batch);
  return found;
}

/** @throws PharosError where `isComplete`: BadRequest where there is no value, InexistentItem where one names nothing */
async function instancesNamed(
  deps: Deps,
  identifier: DataSet,
  named: Named,
  isComplete: boolean,
): Promise<readonly OrthancId[]> {
  const instances = new Set<OrthancId>();
  const values = valuesOf(identifier, named.key);
  if (isComplete && values.length === 0) {
    throw new PharosError('BadRequest', `The identifier does not say which ${named.level.toLowerCase()} is meant`);
  }
  for (const value of values) {
    const resources = await resourcesOf(deps, named, value);
    if (isComplete && resources.length === 0) {
      throw new PharosError('InexistentItem', `No ${named.level.toLowerCase()} has one of the keys of the identifier`);
    }
    for (const resource of resources) for await (const id of instancesBelow(deps, resource)) instances.add(id);
  }
  return [...instances];
}

/** @throws PharosError BadRequest */
function levelIn(identifier: DataSet): Level | undefined {
  const text = identifier.text(Tag.QueryRetrieveLevel);
  if (!text) return undefined;
  const level = parseLevel(text);
  if (level) return level;
  throw new PharosError('BadRequest', 'The query/retrieve level is unknown');
}

function studyKeyOfMove(identifier: DataSet): Tag {
  return textOf(identifier, Tag.AccessionNumber) === '' ? Tag.StudyInstanceUID : Tag.AccessionNumber;
}

/** Without a level, the deepest key tells. */
function levelsOfMove(identifier: DataSet): readonly Level[] {
  const level = levelIn(identifier);
  return level ? [level] : ['Instance', 'Series', 'Study', 'Patient'];
}

/**
 * Instances that a C-MOVE asks for; values that name nothing are passed over.
 * @throws PharosError BadRequest, InexistentItem where there is none at all
 */
export async function instancesOfMove(deps: Deps, identifier: DataSet): Promise<readonly OrthancId[]> {
  for (const level of levelsOfMove(identifier)) {
    const key = level === 'Study' ? studyKeyOfMove(identifier) : uniqueKeys[level];
    const instances = await instancesNamed(deps, identifier, { level, key }, false);
    if (instances.length > 0) return instances;
  }
  throw new PharosError('InexistentItem', 'Nothing that is stored has the keys of the identifier');
}

/**
 * Instances that a C-GET asks for, which must name its level; each value must name something.
 * @throws PharosError BadRequest, InexistentItem
 */
export async function instancesOfGet(deps: Deps, identifier: DataSet): Promise<readonly OrthancId[]> {
  const level = levelIn(identifier);
  if (!level) throw new PharosError('BadRequest', 'The query/retrieve level is missing');
  const isByAccession = level === 'Study' && identifier.has(Tag.AccessionNumber);
  const key = isByAccession ? Tag.AccessionNumber : uniqueKeys[level];
  return instancesNamed(deps, identifier, { level, key }, true);
}
