export { type AttachmentWriterDependencies, createAttachmentWriter } from './attachment-writer.ts';
export {
  createIngest,
  createIngestEvents,
  type IngestDependencies,
  type IngestEvents,
  type StoredInstance,
} from './ingest.ts';
export { createIngestTranscoding, type IngestTranscoding } from './ingest-transcoding.ts';
export {
  createInstanceDescriber,
  type InstanceDescriber,
  type InstanceDescription,
  identify,
} from './instance-description.ts';
export { type Recovery, type RecoveryDependencies, recover } from './recovery.ts';
export { timestamp } from './timestamp.ts';
export { storeUpload, type Upload, type UploadContent, type UploadDependencies, type UploadResult } from './upload.ts';
