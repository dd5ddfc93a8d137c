// The codecs, family by family.
export { type CodecOf, createCodecs } from './codecs.ts';
