// Sequences among the main DICOM tags: the index keeps them as a metadata, `{"Version": 1, "Sequences": {"gggg,eeee": ...}}` with
// every element as `{Name, Type, Value}`.
import { remembered, type TagKey } from '../../model/index.ts';

/** One element of an item; `Value` of a sequence is an array of items. */
export type StoredElement = {
  readonly Name: string;
  readonly Type: string;
  readonly Value: string | null | StoredSequence;
};

export type StoredItem = { readonly [key: TagKey]: StoredElement };

export type StoredSequence = readonly StoredItem[];

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isElement(value: unknown): value is StoredElement {
  if (!isRecord(value) || typeof value.Name !== 'string' || typeof value.Type !== 'string') return false;
  const content = value.Value;
  return content === null || typeof content === 'string' || isSequenceContent(content);
}

function isSequenceContent(value: unknown): value is StoredSequence {
  return Array.isArray(value) && value.every((item) => isRecord(item) && Object.values(item).every(isElement));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Sequences = Readonly<Record<TagKey, StoredSequence>>;

/** The series of a study often have the same, and are shown again and again. */
const rememberedRead = remembered({ count: 200, longest: 4096 }, read);

/** By tag; {} where there are none, or where they cannot be read. */
export function storedSequences(metadata: string | undefined): Sequences {
  return metadata === undefined ? {} : rememberedRead(metadata);
}

function read(metadata: string): Sequences {
  const parsed = parsedJson(metadata);
  if (!isRecord(parsed) || parsed.Version !== 1 || !isRecord(parsed.Sequences)) return {};
  const sequences: Record<TagKey, StoredSequence> = {};
  for (const [key, element] of Object.entries(parsed.Sequences)) {
    if (isElement(element) && Array.isArray(element.Value)) sequences[key] = element.Value;
  }
  return sequences;
}
