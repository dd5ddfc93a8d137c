// ZIP archives.
export { type Compressor, createCompressor } from './compressor.ts';
export type { EntryContent } from './entry-stream.ts';
export { type OpenedEntry, type ZipEntry, zipStream } from './zip-stream.ts';
