// The directory of a medium.
export {
  createDicomDir,
  type DicomDirBuilder,
  type DicomDirOptions,
  type DirectoryFile,
  type EncodedDirectory,
} from './dicomdir.ts';
