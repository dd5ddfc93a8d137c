// Making the index anew from the stored files.
export { type ReconstructDependencies, type ReconstructOptions, reconstruct, reconstructAll } from './reconstruct.ts';
