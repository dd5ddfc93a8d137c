export { createTextCodec, encodingNames, isKnownCharset, type TextCodec } from './charset/index.ts';
export {
  type CreateOptions,
  createDataSet,
  DataSet,
  DicomError,
  type DicomErrorCode,
  defaultLimits,
  type Element,
  type ElementInit,
  editDataSet,
  type ItemPlace,
  type ParseLimits,
  type Problem,
  type ProblemCode,
  readExplicitHeader,
  type Transformation,
  transformDataSet,
} from './data-set/index.ts';
export * from './dicomdir/index.ts';
export {
  createDictionary,
  type Dictionary,
  type DictionaryEntry,
  type DictionaryOptions,
  standardDictionary,
  Tag,
  vrOf,
} from './dictionary/index.ts';
export * from './edit/index.ts';
export * from './encoding/index.ts';
export {
  type BulkDataChoice,
  type DicomJsonOptions,
  dicomJsonText,
  type ModelOptions,
  orthancFileJson,
  toBase64,
} from './json/index.ts';
export { foldCase, matchesWildcard } from './match/index.ts';
export * from './tag.ts';
export { type Json, type OrthancJsonOptions, type TagFormat, toOrthancJson } from './tag-formats/index.ts';
export * from './uid/index.ts';
export { readBigIntegers, readNumbers, readTags } from './values/index.ts';
export { isSingleText, isVr, unknownVr, type Vr, valueKindOf, wordSizeOf } from './vr.ts';
export { toDicomXml } from './xml/index.ts';
