// ZIP archives.
export { type PreparedEntry, prepareEntry, type ZipEntry, zipStream } from './zip-stream.ts';
