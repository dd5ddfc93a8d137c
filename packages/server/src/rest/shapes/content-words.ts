// What a client asks to see of resources: words of ResponseContent, names of tags, format of tags.
import type { Dictionary, Tag, TagFormat } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import { bareContent, type ResourceContent } from '../../services/read/index.ts';

const words: Readonly<Record<string, keyof ResourceContent | undefined>> = {
  MainDicomTags: 'mainTags',
  Metadata: 'metadata',
  Status: 'status',
  Parent: 'parent',
  Children: 'children',
  Labels: 'labels',
  Attachments: 'attachments',
  IsStable: 'isStable',
  IsProtected: 'isProtected',
};

/** Requested tags are shown wherever some are requested: their word changes nothing. */
const requestedTagsWord = 'RequestedTags';

/** @throws PharosError ParameterOutOfRange for an unknown word */
export function contentOf(named: readonly string[]): ResourceContent {
  const content = { ...bareContent };
  for (const word of named) {
    const key = Object.hasOwn(words, word) ? words[word] : undefined;
    if (key) content[key] = true;
    else if (word !== requestedTagsWord) {
      throw new PharosError('ParameterOutOfRange', `Unknown response content: ${word.slice(0, 64)}`);
    }
  }
  return content;
}

/** @throws PharosError UnknownDicomTag, or the code given */
export function tagNamed(
  dictionary: Dictionary,
  name: string,
  code: 'UnknownDicomTag' | 'BadRequest' = 'UnknownDicomTag',
): Tag {
  const tag = dictionary.findTag(name.trim());
  if (tag === undefined) throw new PharosError(code, `Unknown DICOM tag: ${name.slice(0, 64)}`);
  return tag;
}

/** Names of tags in the order in which the formats win over each other; simplified unless told otherwise. */
export function formatOf(asked: {
  readonly simplify?: boolean;
  readonly short?: boolean;
  readonly full?: boolean;
}): TagFormat {
  if (asked.simplify) return 'simplify';
  if (asked.short) return 'short';
  return asked.full ? 'full' : 'simplify';
}
