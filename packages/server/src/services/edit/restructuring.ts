// Splitting a study and merging into one, as modifications: what leaves gets a study of its own, what comes gets that of the target.
import { type Dictionary, formatTag, generateUid, Tag } from '@pharos/dicom';
import { moduleTags, type OrthancId, PharosError, resourceIds } from '../../model/index.ts';
import type { InstanceReader } from '../services.ts';
import { identifiers, type ModificationRequest, pathOf } from './modification.ts';

const basic = {
  isAnonymization: false,
  isForced: true,
  removesPrivate: false,
  privateCreator: '',
  edition: '2023b',
  options: [],
  keep: [],
} as const satisfies Partial<ModificationRequest>;

const patientAndStudy: ReadonlySet<number> = new Set([...moduleTags.Patient, ...moduleTags.Study]);

export interface SplitRequest {
  readonly replace: Readonly<Record<string, unknown>>;
  readonly remove: readonly string[];
}

export interface Restructuring {
  readonly request: ModificationRequest;
  readonly targetStudy: OrthancId;
  readonly targetStudyUid: string;
}

/** Only what tells of patient and study may change, and no identifier. @throws PharosError BadRequest, UnknownDicomTag */
function checkSplit(dictionary: Dictionary, { replace, remove }: SplitRequest): void {
  for (const name of [...Object.keys(replace), ...remove]) {
    const { tag, parents } = pathOf(dictionary, name);
    if (parents.length > 0 || !patientAndStudy.has(tag) || (identifiers.has(tag) && tag !== Tag.PatientID)) {
      throw new PharosError('BadRequest', `Tag "${name.slice(0, 128)}" is neither of the patient nor of the study`);
    }
  }
}

/** @param patientId of the study that is split */
export function splitOf(dictionary: Dictionary, asked: SplitRequest, patientId: string): Restructuring {
  checkSplit(dictionary, asked);
  const targetStudyUid = generateUid();
  const given = Object.entries(asked.replace).find(([name]) => dictionary.findTag(name) === Tag.PatientID)?.[1];
  const ids = { patientId: typeof given === 'string' ? given : patientId, studyInstanceUid: targetStudyUid };
  return {
    targetStudyUid,
    targetStudy: resourceIds({ ...ids, seriesInstanceUid: '', sopInstanceUid: '' }).study,
    request: {
      ...basic,
      level: 'Study',
      remove: asked.remove,
      replace: { ...asked.replace, [formatTag(Tag.StudyInstanceUID)]: targetStudyUid },
    },
  };
}

/** @param sibling an instance of the target study. @throws PharosError UnknownResource */
export async function mergeInto(
  reader: Pick<InstanceReader, 'header'>,
  targetStudy: OrthancId,
  sibling: OrthancId,
): Promise<Restructuring> {
  const file = await reader.header(sibling);
  if (!file) throw new PharosError('UnknownResource');
  const { dataSet } = file;
  const replace: Record<string, unknown> = {};
  const remove: string[] = [];
  for (const tag of patientAndStudy) {
    const text = dataSet.text(tag);
    if (text !== undefined) replace[formatTag(tag)] = text;
    else if (!identifiers.has(tag)) remove.push(formatTag(tag));
  }
  const targetStudyUid = dataSet.text(Tag.StudyInstanceUID) ?? '';
  return { targetStudy, targetStudyUid, request: { ...basic, level: 'Series', remove, replace } };
}
