export {
  createDicomServer,
  type DicomServer,
  type DicomServerOptions,
  type DicomServerServices,
} from './dicom-server.ts';
