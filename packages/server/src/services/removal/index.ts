export { createRemoval, type Removal, type RemovalDependencies } from './removal.ts';
