// Orthanc's identifiers of resources: the SHA-1 of the DICOM identifiers from the patient down, so that the same image has
// the same identifier on every server.
import { hash } from 'node:crypto';
import { remembered } from './remembered.ts';

declare const brand: unique symbol;
export type OrthancId = string & { readonly [brand]: 'OrthancId' };

export interface DicomIdentifiers {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

export interface ResourceIds {
  readonly patient: OrthancId;
  readonly study: OrthancId;
  readonly series: OrthancId;
  readonly instance: OrthancId;
}

const shape = /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/;

export function isOrthancId(text: string): text is OrthancId {
  return shape.test(text);
}

function idOf(text: string): OrthancId {
  const hex = hash('sha1', text, 'hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 16)}-${hex.slice(16, 24)}-${hex.slice(24, 32)}-${hex.slice(32, 40)}`;
  if (!isOrthancId(id)) throw new Error('SHA-1 gave no hexadecimal digest');
  return id;
}

/** Where the identifier of a level is in `ResourceIds`. */
export const resourceIdKeys = {
  Patient: 'patient',
  Study: 'study',
  Series: 'series',
  Instance: 'instance',
} as const;

/** Those of the patients, studies and series that came last: most instances are of one of these. */
const rememberedIdOf = remembered({ count: 300, longest: 256 }, idOf);

/** The identifiers of an instance and its ancestors. Values are the trimmed DICOM values; a missing PatientID is ''. */
export function resourceIds(of: DicomIdentifiers): ResourceIds {
  const study = `${of.patientId}|${of.studyInstanceUid}`;
  const series = `${study}|${of.seriesInstanceUid}`;
  return {
    patient: rememberedIdOf(of.patientId),
    study: rememberedIdOf(study),
    series: rememberedIdOf(series),
    instance: idOf(`${series}|${of.sopInstanceUid}`),
  };
}
