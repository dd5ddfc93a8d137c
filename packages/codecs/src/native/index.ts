// Codecs in WebAssembly.
export { compileNativeModule } from './module.ts';
export * from './native-codecs.ts';
