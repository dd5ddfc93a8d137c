export { createStability, type Stability, type StabilityDependencies } from './stability.ts';
