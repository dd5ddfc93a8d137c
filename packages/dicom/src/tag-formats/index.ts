export type { Json } from './json.ts';
export { type OrthancJsonOptions, type TagFormat, toOrthancJson } from './orthanc-json.ts';
