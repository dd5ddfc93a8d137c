// Deleting resources.
export {
  type Deleted,
  type DeletionDependencies,
  type DeletionTarget,
  deleteResource,
  deleteResources,
} from './deletion.ts';
