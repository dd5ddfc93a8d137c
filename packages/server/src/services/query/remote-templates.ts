// Attributes of C-FIND identifiers by level: what may be asked for, what is always asked for, what old clients expect in the answers.
import { Tag } from '@pharos/dicom';
import { type Level, levels, type MainDicomTagRegistry, moduleTags } from '../../model/index.ts';

/** Values of QueryRetrieveLevel (PS3.4 C.6.1.1). */
export const retrieveLevels = {
  Patient: 'PATIENT',
  Study: 'STUDY',
  Series: 'SERIES',
  Instance: 'IMAGE',
} as const satisfies Record<Level, string>;

/** Keys that every identifier of a level has; peers look for them. */
export const uniqueKeys: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [Tag.PatientID],
  Study: [Tag.PatientID, Tag.AccessionNumber, Tag.StudyInstanceUID],
  Series: [Tag.PatientID, Tag.AccessionNumber, Tag.StudyInstanceUID, Tag.SeriesInstanceUID],
  Instance: [Tag.PatientID, Tag.AccessionNumber, Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID],
};

/** Query attributes that are in no module: those that a peer computes for a level (PS3.4 C.3.4). */
const computedTags: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [Tag.NumberOfPatientRelatedStudies, Tag.NumberOfPatientRelatedSeries, Tag.NumberOfPatientRelatedInstances],
  Study: [
    Tag.ModalitiesInStudy,
    Tag.SOPClassesInStudy,
    Tag.NumberOfStudyRelatedSeries,
    Tag.NumberOfStudyRelatedInstances,
  ],
  Series: [Tag.NumberOfSeriesRelatedInstances],
  Instance: [],
};

function normalTagsOf(level: Level): ReadonlySet<Tag> {
  const down = levels.slice(0, levels.indexOf(level) + 1);
  return new Set([
    Tag.SpecificCharacterSet,
    ...computedTags[level],
    ...down.flatMap((above) => [...moduleTags[above]]),
  ]);
}

/** What a normalised identifier may hold: attributes of the modules from the patient down to the level. */
export const normalTags: Readonly<Record<Level, ReadonlySet<Tag>>> = {
  Patient: normalTagsOf('Patient'),
  Study: normalTagsOf('Study'),
  Series: normalTagsOf('Series'),
  Instance: normalTagsOf('Instance'),
};

/** What find-patient and its neighbours always ask for. */
export const templates: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [Tag.PatientID, Tag.OtherPatientIDs, Tag.PatientBirthDate, Tag.PatientName, Tag.PatientSex],
  Study: [
    ...uniqueKeys.Study,
    Tag.ReferringPhysicianName,
    Tag.StudyDate,
    Tag.StudyDescription,
    Tag.StudyID,
    Tag.StudyTime,
  ],
  Series: [
    ...uniqueKeys.Series,
    Tag.BodyPartExamined,
    Tag.Modality,
    Tag.OperatorsName,
    Tag.PerformedProcedureStepDescription,
    Tag.ProtocolName,
    Tag.SeriesDate,
    Tag.SeriesDescription,
    Tag.SeriesNumber,
    Tag.SeriesTime,
  ],
  Instance: [...uniqueKeys.Instance, Tag.InstanceCreationDate, Tag.InstanceCreationTime, Tag.InstanceNumber],
};

/** Whether find-patient and its neighbours send a key of the client: other keys are left out without a word, as clients know it. */
export function isTemplateKey(tag: Tag, level: Level, mainTags: Pick<MainDicomTagRegistry, 'tags'>): boolean {
  if (uniqueKeys[level].includes(tag)) return true;
  return mainTags.tags[level].has(tag) || (level === 'Study' && tag === Tag.ModalitiesInStudy);
}
