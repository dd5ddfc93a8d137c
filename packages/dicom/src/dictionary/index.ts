export { Tag } from '../generated/tags.js';
export { createDictionary, type Dictionary, type DictionaryOptions, standardDictionary, vrOf } from './dictionary.ts';
export type { DictionaryEntry } from './entry.ts';
