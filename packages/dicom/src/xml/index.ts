export { toDicomXml } from './dicom-xml.ts';
