// Stored instances in another transfer syntax.
export { createTranscoder, type TranscoderDependencies } from './transcoder.ts';
