// Instances on their way to others.
export { type ExportLogDependencies, logExports } from './export-log.ts';
export {
  createModalityStoreJob,
  type ModalityStoreDependencies,
  type ModalityStoreInput,
  modalityStoreJobType,
} from './modality-store-job.ts';
