// The kinds of change that the change log tells, with Orthanc's numbers.
import type { Level } from './levels.ts';
import type { OrthancId } from './orthanc-id.ts';

export const ChangeType = {
  CompletedSeries: 1,
  NewInstance: 2,
  NewPatient: 3,
  NewSeries: 4,
  NewStudy: 5,
  AnonymizedStudy: 6,
  AnonymizedSeries: 7,
  ModifiedStudy: 8,
  ModifiedSeries: 9,
  AnonymizedPatient: 10,
  ModifiedPatient: 11,
  StablePatient: 12,
  StableStudy: 13,
  StableSeries: 14,
  UpdatedAttachment: 15,
  UpdatedMetadata: 16,
} as const;

export type ChangeName = keyof typeof ChangeType;

export interface Change {
  readonly seq: number;
  readonly type: ChangeName;
  readonly level: Level;
  readonly id: OrthancId;
  /** UTC, `YYYYMMDDTHHMMSS`. */
  readonly date: string;
}

export interface ExportedResource {
  readonly seq: number;
  readonly level: Level;
  readonly id: OrthancId;
  readonly remoteModality: string;
  readonly date: string;
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}
