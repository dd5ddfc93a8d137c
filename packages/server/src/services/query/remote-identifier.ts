// The identifier of a C-FIND to a remote modality (PS3.4 C.4.1.1.3): the keys of the client, made such that the peer takes them.
import {
  createDataSet,
  type DataSet,
  DicomError,
  type ElementInit,
  elementOf,
  groupOf,
  Tag,
  vrOf,
} from '@pharos/dicom';
import { type Level, PharosError } from '../../model/index.ts';
import type { Manufacturer } from '../services.ts';
import { normalTags, retrieveLevels, uniqueKeys } from './remote-templates.ts';

/** Values by tag; '' is a key that is only returned. */
export type QueryKeys = ReadonlyMap<Tag, string>;

export interface IdentifierOptions {
  readonly level: Level;
  readonly keys: QueryKeys;
  readonly manufacturer: Manufacturer;
  /** Leaves out what does not belong to the level, and what peers of this manufacturer do not understand. */
  readonly normalize: boolean;
  /** Defined term, unless the keys have a Specific Character Set. */
  readonly charset: string;
}

/** Command, file meta and group length elements belong into no data set (PS3.5 7.1, 7.2). */
function isInDataSet(tag: Tag): boolean {
  return groupOf(tag) >= 8 && elementOf(tag) !== 0;
}

function isUniversalUnknown(tag: Tag, manufacturer: Manufacturer): boolean {
  if (manufacturer === 'GenericNoUniversalWildcard') return true;
  return manufacturer === 'GenericNoWildcardInDates' && vrOf(tag) === 'DA';
}

function normalKeys({ level, keys, manufacturer }: IdentifierOptions): Map<Tag, string> {
  const kept = new Map<Tag, string>();
  for (const [tag, value] of keys) {
    if (!normalTags[level].has(tag)) continue;
    kept.set(tag, value === '*' && isUniversalUnknown(tag, manufacturer) ? '' : value);
  }
  return kept;
}

/** Values of what has no textual form, such as private attributes of no known VR, are left out. */
function elementFor(tag: Tag, value: string): ElementInit {
  const vr = vrOf(tag);
  return vr === 'UN' ? { tag, vr, value: new Uint8Array(0) } : { tag, vr, value };
}

/** A data set of these elements. @throws PharosError BadFileFormat for a value that its VR cannot hold */
export function dataSetOf(elements: readonly ElementInit[], charset: string): DataSet {
  const declared = elements.some(({ tag, value }) => tag === Tag.SpecificCharacterSet && value !== '');
  const entries = declared ? elements : [...elements, { tag: Tag.SpecificCharacterSet, value: charset }];
  try {
    return createDataSet(entries, { charset });
  } catch (cause) {
    if (!(cause instanceof DicomError)) throw cause;
    throw new PharosError('BadFileFormat', { details: cause.message, cause });
  }
}

/** @throws PharosError BadFileFormat for a value that its VR cannot hold */
export function findIdentifier(options: IdentifierOptions): DataSet {
  const { level, keys, manufacturer, normalize, charset } = options;
  const sent = normalize ? normalKeys(options) : new Map([...keys].filter(([tag]) => isInDataSet(tag)));
  const universal = manufacturer === 'GE' ? '*' : '';
  for (const tag of uniqueKeys[level]) if (!sent.has(tag)) sent.set(tag, universal);
  sent.set(Tag.QueryRetrieveLevel, retrieveLevels[level]);
  return dataSetOf(
    Array.from(sent, ([tag, value]) => elementFor(tag, value)),
    charset,
  );
}
