// Reading what is stored: content of instances, and resources as answers show them.

export { type DicomWebFormat, dicomWebDocument } from './instance-dicom-web.ts';
export { numberOfFrames } from './instance-frames.ts';
export { type OrderedSlices, orderSlices } from './instance-order.ts';
export { instanceContent, type PathContent } from './instance-path.ts';
export { createInstanceReader, type InstanceReaderDependencies } from './instance-reader.ts';
export {
  briefTags,
  headerTags,
  type InstanceTagsOptions,
  instanceTags,
  pickTags,
  sharedTags,
  type TagsJson,
  wholeInstanceTags,
} from './instance-tags.ts';
export { inTurns } from './instance-turns.ts';
export { computedValue, isComputedTag } from './resource-computed-tags.ts';
export {
  bareContent,
  contentFields,
  expandedContent,
  type ResourceContent,
  unionOfFields,
} from './resource-content.ts';
export { type StoredElement, type StoredItem, type StoredSequence, storedSequences } from './resource-sequences.ts';
export { metadataOf, parseCount, type SeriesProgress, type SeriesStatus, seriesProgress } from './resource-status.ts';
export {
  createTagReader,
  type TagReader,
  type TagReaderDependencies,
  type TagValue,
  type TagValues,
} from './resource-tags.ts';
export {
  createViewer,
  type ResourceView,
  type ViewDependencies,
  type Viewer,
  type ViewRequest,
  viewResource,
} from './resource-view.ts';
export { lookInto } from './unreadable-file.ts';
