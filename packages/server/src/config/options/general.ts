// Options of what the server is, finds, counts and logs, in the order of the printed default file.
import { bool, oneOf, text, texts, unset, whole } from '../option.ts';
import { levelTags, warnings } from '../shapes.ts';

export const generalOptions = {
  Name: text('MyOrthanc', 'The name of this server, shown to its users.'),
  StableAge: whole(60, 'Seconds without a new image after which a patient, study or series is stable.'),
  ReadOnly: bool(false, 'Whether everything that changes stored data is refused.'),
  PatientLevelEnabled: bool(true, 'Whether the patient level exists; false removes /patients.'),
  Locale: unset(text('', 'Without effect here: comparison of texts does not depend on it.')),
  LimitFindResults: whole(0, 'Most answers of a query at patient, study and series level; 0 is no limit.'),
  LimitFindInstances: whole(0, 'Most answers of a query at instance level; 0 is no limit.'),
  CaseSensitivePN: bool(false, 'Whether the case of person names matters in C-FIND.'),
  StorageAccessOnFind: oneOf(
    ['Always', 'Answers', 'Never'],
    'Always',
    'Whether queries may read stored files for tags that are not in the index: "Always", "Answers" or "Never".',
  ),
  MetricsEnabled: bool(true, 'Whether figures are collected for /tools/metrics-prometheus.'),
  DeidentifyLogs: bool(true, 'Whether identities of patients are left out of logged DICOM queries.'),
  DeidentifyLogsDicomVersion: oneOf(
    ['2008', '2017c', '2021b', '2023b'],
    '2023b',
    'Edition of DICOM whose list of identifying tags is used for that.',
  ),
  Warnings: warnings('Which warnings are logged.'),
  LogExportedResources: bool(false, 'Whether what is sent to others is noted in /exports.'),
  Plugins: texts([], 'Plug-ins: files, or folders of them.'),
  LuaScripts: texts([], 'Lua scripts loaded at start.'),
  LuaHeartBeatPeriod: whole(0, 'Seconds between calls of OnHeartBeat; 0 is never.'),
  DicomAssociationCloseDelay: whole(5, 'Seconds an association opened by a Lua script stays open.'),
  CheckRevisions: bool(
    false,
    'Whether changes of metadata and attachments must name the revision they change (If-Match).',
  ),
  DatabaseServerIdentifier: unset(
    text('', 'Identifier of this server in a shared index; made of its network addresses, title and ports unless set.'),
  ),
  ExtraMainDicomTags: unset(
    levelTags('More tags to keep in the index: "Patient", "Study", "Series", "Instance": [tags].'),
  ),
} as const;
