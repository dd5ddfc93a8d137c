// The directory of a medium.
export { createDicomDir, type DicomDirBuilder, type DicomDirOptions, type DirectoryFile } from './dicomdir.ts';
