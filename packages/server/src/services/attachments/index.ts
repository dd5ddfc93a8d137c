// Attachments: files that belong to a resource.
export {
  type AttachmentDependencies,
  type AttachmentOutcome,
  type AttachmentSource,
  isRemovable,
  type RecompressDependencies,
  recompressAttachment,
  storeAttachment,
} from './attachment-change.ts';
export { isIntact } from './attachment-check.ts';
