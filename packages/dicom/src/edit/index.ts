// Changing data sets: paths into sequences, confidentiality profiles.
export {
  type AttributeRule,
  type Deidentification,
  deidentification,
  deidentificationCodes,
  type Fate,
  isProfileOption,
  type ProfileOption,
  profileOptions,
} from './deidentification.ts';
export { cleanedDescription, dummyValue, earlierDates } from './harmless-values.ts';
export {
  type ConfidentialityProfile,
  confidentialityProfile,
  isInRange,
  type ProfileEdition,
  profileEditions,
  type TagRange,
} from './profiles.ts';
export { isAtOrWithin, isBelow, type PathStep, parseTagPath, type TagPath } from './tag-path.ts';
