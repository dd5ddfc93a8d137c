// Modification, anonymization, and the structure of studies.
export { createIdentifierMap } from './identifier-map.ts';
export { createModification, isEdition, type Modification, type ModificationRequest, pathOf } from './modification.ts';
export {
  createModificationJob,
  type ModificationInput,
  type ModificationJobDependencies,
  modificationJobTypes,
} from './modification-job.ts';
export { type EditDependencies, editOf, modifiedFile, storeModified, type WrittenForm } from './modified-instance.ts';
export { checkPatientTags } from './patient-tags.ts';
export { mergeInto, type Restructuring, splitOf } from './restructuring.ts';
