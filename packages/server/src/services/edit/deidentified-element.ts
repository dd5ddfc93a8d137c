// What becomes of an element under the current edition of the confidentiality profile (PS3.15 E.1), and of what is within sequences that
// tell too much to be kept as they are.
import {
  type AttributeRule,
  cleanedDescription,
  type DataSet,
  dummyValue,
  type Element,
  type ElementInit,
  earlierDates,
  type ItemPlace,
  Tag,
} from '@pharos/dicom';
import type { IdentifierMap } from './identifier-map.ts';
import type { Modification } from './modification.ts';

export type Change = 'keep' | 'remove' | ElementInit;

/** Whom a data set is about. */
export interface Subject {
  /** For how many days its dates go back. */
  readonly daysBack: number;
  /** Words of names, in small letters. */
  readonly names: ReadonlySet<string>;
}

export const nobody: Subject = { daysBack: 0, names: new Set() };

export function subjectOf(dataSet: DataSet, identifiers: IdentifierMap): Subject {
  const names = new Set<string>();
  for (const { tag, vr } of dataSet.elements()) {
    if (vr !== 'PN') continue;
    for (const word of (dataSet.text(tag) ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u)) names.add(word);
  }
  return { daysBack: identifiers.daysBack((dataSet.text(Tag.PatientID) ?? '').trim()), names };
}

export const emptied = ({ tag, vr }: Element): ElementInit =>
  vr === 'SQ' ? { tag, vr, value: [] } : { tag, vr, value: new Uint8Array(0) };

function dummy({ tag, vr }: Element): Change {
  const value = dummyValue(vr);
  return value === undefined ? 'remove' : { tag, vr, value };
}

/** What cannot be cleaned or shifted. */
function otherwise(element: Element, { otherwise: fate }: AttributeRule): Change {
  if (fate === 'remove') return 'remove';
  return fate === 'empty' ? emptied(element) : dummy(element);
}

/** An element that has a rule of its own. The items of a sequence that is kept are gone through. */
export function changeByRule(element: Element, rule: AttributeRule, dataSet: DataSet, subject: Subject): Change {
  const { tag, vr } = element;
  const { fate } = rule;
  if (fate === 'remove') return 'remove';
  if (fate === 'empty') return emptied(element);
  if (vr === 'SQ') return 'keep';
  const text = dataSet.text(tag);
  if (text === '') return 'keep';
  if (fate === 'dummy' || text === undefined) return otherwise(element, rule);
  const value = fate === 'shift' ? shifted(element, text, subject) : cleanedDescription(text, subject.names);
  return value === undefined || value === '' ? otherwise(element, rule) : { tag, vr, value };
}

/** Times stay: they tell nothing without their day. */
function shifted({ vr }: Element, text: string, { daysBack }: Subject): string | undefined {
  return vr === 'TM' ? text : earlierDates(text, daysBack);
}

/* ---- within sequences ---- */

const descriptive = new Set(['AE', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT', 'AS', 'CS']);
const temporal = new Set(['DA', 'DT', 'TM']);
const opaque = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

const codeTags = new Set<number>([
  Tag.CodeValue,
  Tag.CodingSchemeDesignator,
  Tag.CodingSchemeVersion,
  Tag.CodeMeaning,
  Tag.LongCodeValue,
  Tag.URNCodeValue,
  Tag.MappingResource,
  Tag.ContextIdentifier,
]);

/** Whose meanings are published (PS3.16 8); codes that somebody made up may say anything. */
const publicSchemes = new Set(
  'ACR BARI BI CPT DCM FMA I10 I10P I9C LN MA MDC NCIt NDC NEU PATHLEX RADLEX RXNORM SCPECG SCT SNM3 SRT UCUM UMLS'.split(
    ' ',
  ),
);

const isPublicCode = (dataSet: DataSet): boolean =>
  publicSchemes.has((dataSet.text(Tag.CodingSchemeDesignator) ?? '').trim());

/** The sequence above that is kept only without what it tells, if there is one. */
export function sanitizedAbove(
  { within: { rules } }: Modification,
  places: readonly ItemPlace[],
): AttributeRule | undefined {
  const above = places.map(({ tag }) => rules.get(tag)).filter((rule) => rule !== undefined);
  return above.find(({ fate }) => fate === 'clean') ?? above[0];
}

/** An element without a rule of its own, within such a sequence: structure, codes and measures stay. */
export function changeSanitized(
  element: Element,
  above: AttributeRule,
  { options }: Pick<Modification, 'options'>,
  dataSet: DataSet,
  subject: Subject,
): Change {
  const { tag, vr } = element;
  if (opaque.has(vr)) return 'remove';
  const text = dataSet.text(tag);
  if (text === undefined || text === '') return 'keep';
  if (temporal.has(vr)) return changeTemporal(element, text, options, subject);
  if (!descriptive.has(vr) || vr === 'CS' || (codeTags.has(tag) && isPublicCode(dataSet))) return 'keep';
  const cleaned = above.fate === 'clean' && vr !== 'PN' ? cleanedDescription(text, subject.names) : '';
  return cleaned === '' ? dummy(element) : { tag, vr, value: cleaned };
}

function changeTemporal(element: Element, text: string, options: Modification['options'], subject: Subject): Change {
  if (options.has('RetainFullDates')) return 'keep';
  const value = options.has('ModifyDates') ? shifted(element, text, subject) : undefined;
  return value === undefined ? dummy(element) : { tag: element.tag, vr: element.vr, value };
}
