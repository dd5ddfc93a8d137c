// Stored images as pictures and numbers.
export { imageError } from './frame-source.ts';
export { createRenderer, type RendererDependencies } from './renderer.ts';
