export { type CreateOptions, createDataSet, type ElementInit, editDataSet } from './create-data-set.ts';
export { DataSet } from './data-set.ts';
export type { Element } from './element.ts';
export { codeMask, correctMode, guessMode, readExplicitHeader } from './element-header.ts';
export { ElementScan, isPixelData, type PixelDataHeader } from './element-scan.ts';
export {
  DicomError,
  type DicomErrorCode,
  defaultLimits,
  type ParseLimits,
  type Problem,
  type ProblemCode,
  reportProblem,
} from './problem.ts';
export { ScannedContents } from './scanned-contents.ts';
export {
  bigEndianFlag,
  createSource,
  explicitFlag,
  implicitLittleEndian,
  itemDelimitationTag,
  itemTag,
  type Mode,
  type Source,
  sequenceDelimitationTag,
  undefinedLength,
} from './source.ts';
export { type ItemPlace, type Transformation, transformDataSet } from './transform.ts';
