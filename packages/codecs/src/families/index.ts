// The codecs, family by family.
export { type CodeStream, readJpegHeader } from './code-stream.ts';
export { type CodecOf, createCodecs, sharedBytesOf, workBytesOf } from './codecs.ts';
