export { createTextCodec, encodingNames, isKnownCharset, type TextCodec } from './text-codec.ts';
