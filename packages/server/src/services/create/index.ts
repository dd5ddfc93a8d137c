// New instances.
export {
  type CreateDependencies,
  createFlatInstance,
  createInstance,
  createSeries,
  type NewContent,
  type NewInstance,
} from './new-instance.ts';
