// Codecs in WebAssembly.
export { createKernels, type Kernel, type Kernels } from './kernels.ts';
export { keptNativeModule } from './module.ts';
export * from './native-codecs.ts';
export { createOpenJpeg, type OpenJpeg } from './open-jpeg.ts';
export { createOpenJph, type OpenJph } from './open-jph.ts';
