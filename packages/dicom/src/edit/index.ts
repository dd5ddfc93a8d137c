// Changing data sets: paths into sequences, confidentiality profiles.
export {
  type ConfidentialityProfile,
  confidentialityProfile,
  isInRange,
  type ProfileEdition,
  profileEditions,
  type TagRange,
} from './profiles.ts';
export { isAtOrWithin, isBelow, type PathStep, parseTagPath, type TagPath } from './tag-path.ts';
