export { type FileStoreOptions, openFileStore } from './file-store.ts';
export { scanPack } from './pack-scan.ts';
