// Pixel data: what is stored to frames, frames to what is stored.
export { type CodecOf, createCodecs } from './families/index.ts';
export * from './frame/index.ts';
export { compileNativeModule } from './native/index.ts';
export { createImageWorkers, type ImageWorkersOptions } from './worker/index.ts';
