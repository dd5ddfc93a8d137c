// Tags of a patient that change with one study: they would contradict the other studies of that patient.
import { formatTag, Tag } from '@pharos/dicom';
import { type MainDicomTagRegistry, type OrthancId, PharosError } from '../../model/index.ts';
import type { IndexStore } from '../../ports/index.ts';
import type { Modification } from './modification.ts';

export interface PatientTagsDependencies {
  readonly index: Pick<IndexStore, 'get' | 'find'>;
  readonly mainTags: MainDicomTagRegistry;
}

const hint =
  'The patient has other studies: name all tags of the patient in "Replace", with the values they have there, or modify the patient.';

/** @param study that is modified. @throws PharosError BadRequest, UnknownResource */
export async function checkPatientTags(
  { index, mainTags }: PatientTagsDependencies,
  { level, replaced, removed }: Modification,
  study: OrthancId,
): Promise<void> {
  const patientTags = [...mainTags.indexed.Patient];
  if (level !== 'Study' || !patientTags.some((tag) => replaced.has(tag) || removed.has(tag))) return;
  const source = await index.get(study, { tags: true });
  if (source?.level !== 'Study') throw new PharosError('UnknownResource');
  const given = replaced.get(Tag.PatientID);
  const patientId = typeof given === 'string' ? given : (source.tags[formatTag(Tag.PatientID)] ?? '');
  const term = {
    tag: Tag.PatientID,
    level: 'Patient',
    match: { kind: 'equal', value: patientId },
    caseSensitive: true,
  } as const;
  for await (const batch of index.find({ level: 'Patient', terms: [term] }, { tags: true, children: true })) {
    for (const patient of batch) {
      if (patient.tags[formatTag(Tag.PatientID)] !== patientId) continue;
      if (!patient.children.some((other) => other !== study)) continue;
      for (const tag of patientTags) checkTag(tag, replaced.get(tag), replaced.has(tag), patient.tags[formatTag(tag)]);
    }
  }
}

function checkTag(tag: number, replacement: unknown, isReplaced: boolean, value: string | undefined): void {
  const isFine = isReplaced ? replacement === value : value === undefined || value === '';
  if (!isFine) throw new PharosError('BadRequest', `${hint} Failing tag: ${formatTag(tag)}`);
}
