// Reading what is stored: content of instances, and resources as answers show them.

export { type HashDependencies, hashed, hashedIfReadable } from './attachment-hash.ts';
export { type ByteCache, createByteCache, showCache } from './instance-cache.ts';
export { type DicomWebFormat, dicomWebDocument } from './instance-dicom-web.ts';
export { numberOfFrames } from './instance-frames.ts';
export { type OrderedSlices, orderSlices } from './instance-order.ts';
export { instanceContent } from './instance-path.ts';
export { createInstanceReader } from './instance-reader.ts';
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
export { createInstanceViewer, type InstanceViewDependencies } from './instance-view.ts';
export { computedTags, isComputedTag } from './resource-computed-tags.ts';
export {
  bareContent,
  expandedContent,
  type ResourceContent,
} from './resource-content.ts';
export { type StoredSequence, storedSequences } from './resource-sequences.ts';
export { metadataOf, parseCount } from './resource-status.ts';
export type {
  TagValue,
  TagValues,
} from './resource-tags.ts';
export {
  createViewer,
  type ResourceView,
  type ViewDependencies,
  type Viewer,
  viewResource,
} from './resource-view.ts';
export { lookInto } from './unreadable-file.ts';
