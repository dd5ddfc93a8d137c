export { begun } from './begun.ts';
export { concatenated } from './concatenated.ts';
export { dataSetBytes, dataSetPieces, dataSetStart } from './data-set-bytes.ts';
export { encodeDataSet } from './encode-data-set.ts';
export {
  encodeFileMeta,
  encodePart10,
  type FileMetaInit,
  implementationClassUid,
  implementationVersionName,
  type Part10Init,
} from './encode-part10.ts';
export { parseDataSet, parsePart10 } from './parse.ts';
export type { ParsedFile, ParseOptions, PixelDataPlace } from './parse-options.ts';
export { createPart10Parser } from './part10-parser.ts';
export { isReencodable, reencode } from './reencode.ts';
