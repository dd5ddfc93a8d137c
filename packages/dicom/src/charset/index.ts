export { createTextCodec, encodingNames, type TextCodec } from './text-codec.ts';
