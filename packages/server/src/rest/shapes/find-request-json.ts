// The body of /tools/find and /tools/count-resources as a search.
import { type Dictionary, Tag, type TagFormat, vrOf } from '@pharos/dicom';
import {
  isOrthancId,
  type Level,
  type NumberRegistry,
  type OrthancId,
  PharosError,
  parseLevel,
} from '../../model/index.ts';
import type { IndexQuery, MetadataTerm, OrderTerm } from '../../ports/index.ts';
import {
  type FindOrder,
  type FindRequest,
  type FindTerm,
  findTerm,
  metadataMatchOf,
} from '../../services/find/index.ts';
import { expandedContent, type ResourceContent } from '../../services/read/index.ts';
import { contentOf, formatOf, tagNamed } from './content-words.ts';
import { bodyMembers, isMembers, type JsonMembers, type MemberReader, memberReader } from './json-body.ts';

export interface FindBodyDependencies {
  readonly dictionary: Dictionary;
  readonly metadataTypes: NumberRegistry;
}

export interface FindBody {
  /** Undefined where no resource can match: below a parent that cannot exist. */
  readonly request: FindRequest | undefined;
  /** Undefined: identifiers only. */
  readonly content: ResourceContent | undefined;
  readonly requestedTags: readonly Tag[];
  readonly format: TagFormat;
}

/** The level of a body. @throws PharosError ParameterOutOfRange */
export function levelNamed(name: string): Level {
  const level = parseLevel(name);
  if (level === undefined) throw new PharosError('ParameterOutOfRange', `Unknown level: ${name.slice(0, 64)}`);
  return level;
}

function levelOf(body: MemberReader): Level {
  const name = body.text('Level');
  if (name === undefined) throw new PharosError('BadRequest', 'Field "Level" is missing');
  return levelNamed(name);
}

function termsOf(body: MemberReader, caseSensitive: boolean, dictionary: Dictionary): FindTerm[] {
  if (!body.has('Query')) throw new PharosError('BadRequest', 'Field "Query" is missing');
  const query = body.isNull('Query') ? {} : (body.textsByName('Query') ?? {});
  const terms: FindTerm[] = [];
  for (const [name, text] of Object.entries(query)) {
    if (text === '') continue;
    const tag = tagNamed(dictionary, name);
    const term = findTerm(tag, dictionary.entry(tag)?.vr ?? vrOf(tag), text, caseSensitive);
    if (term) terms.push(term);
  }
  return terms;
}

function metadataTermsOf(body: MemberReader, caseSensitive: boolean, types: NumberRegistry): MetadataTerm[] {
  return Object.entries(body.textsByName('MetadataQuery') ?? {}).flatMap(([name, text]) => {
    const type = types.numberOf(name);
    const match = metadataMatchOf(text);
    return match ? [{ type, match, caseSensitive }] : [];
  });
}

function labelsOf(body: MemberReader): IndexQuery['labels'] {
  const labels = body.texts('Labels') ?? [];
  const constraint = body.text('LabelsConstraint') ?? 'All';
  if (constraint !== 'All' && constraint !== 'Any' && constraint !== 'None') {
    throw new PharosError('BadRequest', 'Field "LabelsConstraint" must be "All", "Any" or "None"');
  }
  return labels.length === 0 && constraint !== 'None' ? undefined : { constraint, labels };
}

const parentFields = ['ParentPatient', 'ParentStudy', 'ParentSeries'] as const;

/** The first that is given wins. */
function parentOf(body: MemberReader): string | undefined {
  const parents = parentFields.map((name) => body.text(name));
  return parents.find((parent) => parent !== undefined);
}

function orderKinds(): ReadonlyMap<string, { readonly metadata: boolean; readonly as: OrderTerm['as'] }> {
  return new Map([
    ['dicomtag', { metadata: false, as: 'text' }],
    ['dicomtagasint', { metadata: false, as: 'integer' }],
    ['dicomtagasfloat', { metadata: false, as: 'float' }],
    ['metadata', { metadata: true, as: 'text' }],
    ['metadataasint', { metadata: true, as: 'integer' }],
    ['metadataasfloat', { metadata: true, as: 'float' }],
  ]);
}

function orderOf(value: unknown, { dictionary, metadataTypes }: FindBodyDependencies): FindOrder {
  if (!isMembers(value)) throw new PharosError('BadRequest', 'Field "OrderBy" must contain objects');
  const order = memberReader(value);
  const key = order.text('Key');
  const direction = order.text('Direction')?.toLowerCase();
  const kind = orderKinds().get(order.text('Type')?.toLowerCase() ?? '');
  if (key === undefined) throw new PharosError('BadRequest', 'Field "Key" must be a string');
  if (direction !== 'asc' && direction !== 'desc') {
    throw new PharosError('BadRequest', 'Field "Direction" must be "ASC" or "DESC"');
  }
  if (!kind) {
    throw new PharosError(
      'BadRequest',
      'Field "Type" must be "DicomTag", "DicomTagAsInt", "DicomTagAsFloat", "Metadata", "MetadataAsInt" or "MetadataAsFloat"',
    );
  }
  return {
    key: kind.metadata ? { metadata: metadataTypes.numberOf(key) } : { tag: tagNamed(dictionary, key) },
    as: kind.as,
    descending: direction === 'desc',
  };
}

function countOf(body: MemberReader, name: string): number {
  const value = body.integer(name) ?? 0;
  if (value < 0) throw new PharosError('ParameterOutOfRange', `Field "${name}" must not be negative`);
  return value;
}

function contentOfBody(body: MemberReader): ResourceContent | undefined {
  const words = body.texts('ResponseContent');
  if (words) return contentOf(words);
  return body.lenientBoolean('Expand') ? expandedContent : undefined;
}

/** @throws PharosError BadFileFormat */
function formatOfBody(members: JsonMembers): TagFormat {
  const body = memberReader(members, 'BadFileFormat');
  return formatOf({ simplify: body.boolean('Simplify'), short: body.boolean('Short'), full: body.boolean('Full') });
}

/** Orthanc keeps these in capitals only, so it refuses to page through them by case; its clients may count on that. */
const identifierTags: ReadonlySet<Tag> = new Set([
  Tag.PatientID,
  Tag.PatientName,
  Tag.PatientBirthDate,
  Tag.StudyInstanceUID,
  Tag.AccessionNumber,
  Tag.StudyDescription,
  Tag.StudyDate,
  Tag.SeriesInstanceUID,
  Tag.SOPInstanceUID,
]);

function sinceOf(body: MemberReader, terms: readonly FindTerm[]): number {
  const since = countOf(body, 'Since');
  if (since > 0 && terms.some((term) => term.caseSensitive && identifierTags.has(term.tag))) {
    throw new PharosError('BadRequest', 'Since cannot be used with CaseSensitive on identifiers');
  }
  return since;
}

/** Tags that a search looks up beyond the index are shown with those requested. */
function shownTags(terms: readonly FindTerm[], requested: readonly Tag[]): readonly Tag[] {
  return terms.some((term) => term.tag === Tag.ModalitiesInStudy) ? [...requested, Tag.ModalitiesInStudy] : requested;
}

/** More than anybody needs, and less than the index refuses. */
const mostConditions = 400;
const mostOrders = 100;

/** @throws PharosError ParameterOutOfRange */
function refuseMoreThan(most: number, count: number, what: string): void {
  if (count > most) throw new PharosError('ParameterOutOfRange', `A search may have ${most} ${what}, not ${count}`);
}

function conditionsOf(body: MemberReader, caseSensitive: boolean, deps: FindBodyDependencies) {
  const level = levelOf(body);
  const terms = termsOf(body, caseSensitive, deps.dictionary);
  const metadata = metadataTermsOf(body, caseSensitive, deps.metadataTypes);
  refuseMoreThan(mostConditions, terms.length + metadata.length, 'conditions');
  return { level, terms, metadata, labels: labelsOf(body) };
}

function ordersOf(body: MemberReader, deps: FindBodyDependencies): readonly FindOrder[] {
  const orders = body.list('OrderBy') ?? [];
  refuseMoreThan(mostOrders, orders.length, 'orders');
  return orders.map((order) => orderOf(order, deps));
}

/** The conditions below a parent; undefined where there can be nothing below it. */
function within<T extends object>(parent: string | undefined, request: T): (T & { within?: OrthancId }) | undefined {
  if (parent === undefined) return request;
  return isOrthancId(parent) ? { ...request, within: parent } : undefined;
}

/** @throws PharosError BadRequest, ParameterOutOfRange, UnknownDicomTag, InexistentItem */
export function parseFindBody(json: unknown, deps: FindBodyDependencies): FindBody {
  const members = bodyMembers(json);
  const body = memberReader(members);
  const conditions = conditionsOf(body, body.boolean('CaseSensitive') ?? false, deps);
  const parent = parentOf(body);
  const requested = (body.texts('RequestedTags') ?? []).map((name) => tagNamed(deps.dictionary, name));
  return {
    request: within(parent, {
      ...conditions,
      orderBy: ordersOf(body, deps),
      since: sinceOf(body, conditions.terms),
      limit: countOf(body, 'Limit') || undefined,
    }),
    content: contentOfBody(body),
    requestedTags: shownTags(conditions.terms, requested),
    format: formatOfBody(members),
  };
}

/** @throws PharosError as parseFindBody; ParameterOutOfRange for CaseSensitive */
export function parseCountBody(json: unknown, deps: FindBodyDependencies): FindRequest | undefined {
  const body = memberReader(bodyMembers(json));
  if (body.boolean('CaseSensitive')) {
    throw new PharosError('ParameterOutOfRange', 'CaseSensitive cannot be used to count resources');
  }
  return within(parentOf(body), conditionsOf(body, false, deps));
}

export interface BulkContentBody {
  readonly resources: readonly string[];
  readonly level: Level | undefined;
  readonly metadata: boolean;
  readonly format: TagFormat;
}

/** @throws PharosError BadRequest, BadFileFormat, ParameterOutOfRange */
export function parseBulkContentBody(json: unknown): BulkContentBody {
  const members = bodyMembers(json);
  const body = memberReader(members, 'BadFileFormat');
  const format = formatOfBody(members);
  const metadata = body.boolean('Metadata') ?? true;
  const level = body.text('Level');
  const resources = body.texts('Resources');
  if (!resources) throw new PharosError('BadFileFormat', 'Field "Resources" is missing');
  return { resources, level: level === undefined ? undefined : levelNamed(level), metadata, format };
}
