// The presentation contexts that are proposed for each operation (PS3.8 7.1.1.13).
import { storageSopClasses } from '@pharos/dicom';
import { maximumContexts } from '@pharos/dimse';
import { commandSyntaxes, SopClass, storageSyntaxes } from '../model/index.ts';
import type { QueryModel } from '../ports/index.ts';
import type { Proposal } from './association-steps.ts';

/** SOP classes of queries and retrievals (PS3.4 C.6, K.6). */
export const findModels: Readonly<Record<QueryModel, string>> = {
  'patient-root': SopClass.patientRootFind,
  'study-root': SopClass.studyRootFind,
  worklist: SopClass.modalityWorklistFind,
};
export const moveModels: Readonly<Record<QueryModel, string | undefined>> = {
  'patient-root': SopClass.patientRootMove,
  'study-root': SopClass.studyRootMove,
  worklist: undefined,
};
export const getModels: Readonly<Record<QueryModel, string | undefined>> = {
  'patient-root': SopClass.patientRootGet,
  'study-root': SopClass.studyRootGet,
  worklist: undefined,
};

export function genericProposal(abstractSyntax: string): Proposal {
  return { contexts: [{ abstractSyntax, transferSyntaxes: commandSyntaxes.proposed }] };
}

export const echoProposal = genericProposal(SopClass.verification);

/** C-GET: the model, and this side as SCP of the storage classes (PS3.7 D.3.3.4), as many as fit: the known ones first. */
export function getProposal(model: string, known: readonly string[] = []): Proposal {
  const storage = [...new Set([...known, ...expectedClasses])].slice(0, maximumContexts - 1);
  const transferSyntaxes = storageSyntaxes.fetched;
  return {
    contexts: [
      ...genericProposal(model).contexts,
      ...storage.map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes })),
    ],
    roles: storage.map((sopClassUid) => ({ sopClassUid, scu: false, scp: true })),
  };
}

/** Not of DICOM any more, not yet, or for suitcases and welds. */
const foreign = /^(RETIRED|DRAFT|DICOS|DICONDE)_|^MediaStorageDirectory/;
/** What gives way where not all fit: presentation states of volumes, waveforms of sleep laboratories, surface scans, measurements of
 * eyes, protocols, second-generation radiotherapy, implants. By what follows 1.2.840.10008.5.1.4. */
const rare =
  /^(1\.1\.(11\.([6-9]|1[0-2])|9\.[5-8]\..*|(68|78|79|80|81|82|131|200|201)(\..*)?|481\.[12][0-9])|(34|38|39|4[345])\..*)$/;
const isRare = (uid: string): boolean => rare.test(uid.replace('1.2.840.10008.5.1.4.', ''));

const current = storageSopClasses.filter(({ keyword }) => !foreign.test(keyword)).map(({ uid }) => uid);
/** Storage classes, the likeliest ones first. */
export const expectedClasses: readonly string[] = [...current.filter((uid) => !isRare(uid)), ...current.filter(isRare)];
