export { toBase64 } from './base64.ts';
export { type DicomJsonOptions, dicomJsonText, orthancFileJson } from './dicom-json.ts';
export { type BulkDataChoice, type Content, contentOf, type ModelOptions } from './element-content.ts';
export { componentGroups } from './person-name.ts';
