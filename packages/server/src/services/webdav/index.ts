// What WebDAV clients (file explorers) need beside the resources themselves.
export { createUploadFolders, type UploadFolders } from './upload-folders.ts';
