// JPEG 2000 without loss, by kernels of our own.
export { decodeReversible, helpDecode } from './decoder.ts';
export { encodeReversible } from './encoder.ts';
export { sharedBytes, workBytes } from './turns.ts';
