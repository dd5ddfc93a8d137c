// Which attributes tell of the patient, the study, the series and the instance itself: the modules of PS3.3 in its edition of 2011,
// which is what clients of Orthanc know as the modules of a resource.
import { Tag } from '@pharos/dicom';
import type { Level } from './levels.ts';

/** PS3.3 C.7.1.1, with the macro of the issuer of the patient ID. */
const patient: readonly Tag[] = [
  Tag.ReferencedPatientSequence,
  Tag.PatientName,
  Tag.PatientID,
  Tag.IssuerOfPatientID,
  Tag.IssuerOfPatientIDQualifiersSequence,
  Tag.PatientBirthDate,
  Tag.PatientBirthTime,
  Tag.PatientSex,
  Tag.OtherPatientIDs,
  Tag.OtherPatientNames,
  Tag.OtherPatientIDsSequence,
  Tag.EthnicGroup,
  Tag.PatientSpeciesDescription,
  Tag.PatientSpeciesCodeSequence,
  Tag.PatientBreedDescription,
  Tag.PatientBreedCodeSequence,
  Tag.BreedRegistrationSequence,
  Tag.ResponsiblePerson,
  Tag.ResponsiblePersonRole,
  Tag.ResponsibleOrganization,
  Tag.PatientComments,
  Tag.PatientIdentityRemoved,
  Tag.DeidentificationMethod,
  Tag.DeidentificationMethodCodeSequence,
];

/** PS3.3 C.7.2.1. */
const study: readonly Tag[] = [
  Tag.StudyDate,
  Tag.StudyTime,
  Tag.AccessionNumber,
  Tag.IssuerOfAccessionNumberSequence,
  Tag.ReferringPhysicianName,
  Tag.ReferringPhysicianIdentificationSequence,
  Tag.StudyDescription,
  Tag.ProcedureCodeSequence,
  Tag.PhysiciansOfRecord,
  Tag.PhysiciansOfRecordIdentificationSequence,
  Tag.NameOfPhysiciansReadingStudy,
  Tag.PhysiciansReadingStudyIdentificationSequence,
  Tag.ReferencedStudySequence,
  Tag.StudyInstanceUID,
  Tag.StudyID,
  Tag.RequestingServiceCodeSequence,
  Tag.ReasonForPerformedProcedureCodeSequence,
];

/** PS3.3 C.7.3.1, with the macro of the performed procedure step; without Largest Pixel Value in Series, as Orthanc has it. */
const series: readonly Tag[] = [
  Tag.SeriesDate,
  Tag.SeriesTime,
  Tag.Modality,
  Tag.SeriesDescription,
  Tag.SeriesDescriptionCodeSequence,
  Tag.PerformingPhysicianName,
  Tag.PerformingPhysicianIdentificationSequence,
  Tag.OperatorsName,
  Tag.OperatorIdentificationSequence,
  Tag.ReferencedPerformedProcedureStepSequence,
  Tag.RelatedSeriesSequence,
  Tag.AnatomicalOrientationType,
  Tag.BodyPartExamined,
  Tag.ProtocolName,
  Tag.PatientPosition,
  Tag.SeriesInstanceUID,
  Tag.SeriesNumber,
  Tag.Laterality,
  Tag.SmallestPixelValueInSeries,
  Tag.PerformedProcedureStepStartDate,
  Tag.PerformedProcedureStepStartTime,
  Tag.PerformedProcedureStepID,
  Tag.PerformedProcedureStepDescription,
  Tag.PerformedProtocolCodeSequence,
  Tag.RequestAttributesSequence,
  Tag.CommentsOnThePerformedProcedureStep,
];

/** PS3.3 C.12.1 (SOP Common), with the macro of digital signatures. */
const instance: readonly Tag[] = [
  Tag.SpecificCharacterSet,
  Tag.InstanceCreationDate,
  Tag.InstanceCreationTime,
  Tag.InstanceCreatorUID,
  Tag.SOPClassUID,
  Tag.SOPInstanceUID,
  Tag.RelatedGeneralSOPClassUID,
  Tag.OriginalSpecializedSOPClassUID,
  Tag.CodingSchemeIdentificationSequence,
  Tag.TimezoneOffsetFromUTC,
  Tag.ContributingEquipmentSequence,
  Tag.InstanceNumber,
  Tag.LongitudinalTemporalInformationModified,
  Tag.HL7StructuredDocumentReferenceSequence,
  Tag.SOPInstanceStatus,
  Tag.SOPAuthorizationDateTime,
  Tag.SOPAuthorizationComment,
  Tag.AuthorizationEquipmentCertificationNumber,
  Tag.EncryptedAttributesSequence,
  Tag.OriginalAttributesSequence,
  Tag.MACParametersSequence,
  Tag.DigitalSignaturesSequence,
];

/** Tags of the module of each level. */
export const moduleTags: Readonly<Record<Level, ReadonlySet<Tag>>> = {
  Patient: new Set(patient),
  Study: new Set(study),
  Series: new Set(series),
  Instance: new Set(instance),
};
