export {
  type Association,
  type AssociationOptions,
  openAssociation,
  type StoreOptions,
} from './association.ts';
export { AssociationError, type AssociationFailure, describeRejection } from './association-error.ts';
export type { Follower } from './requests.ts';
