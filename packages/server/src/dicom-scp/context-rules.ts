// The presentation contexts that the server accepts, from the live settings, at the moment of the request.
import { uidName } from '@pharos/dicom';
import {
  type ContextRule,
  chooseByPreference,
  chooseFirstProposed,
  uncompressedByPreference,
  verificationSopClass,
} from '@pharos/dimse';
import type { LiveSettings } from '../services/index.ts';
import { findSopClasses } from './find.ts';

const explicitLittleEndian = '1.2.840.10008.1.2.1';

export function contextRulesOf(live: LiveSettings): readonly ContextRule[] {
  const commands: ContextRule = {
    matches: (uid) => uid === verificationSopClass || findSopClasses.has(uid),
    choose: chooseByPreference(uncompressedByPreference),
    roles: 'default',
  };
  const storage: ContextRule = {
    matches: (uid) => live.isSopClassAccepted(uid),
    choose: chooseFirstProposed((uid) => live.isTransferSyntaxAccepted(uid)),
    roles: 'as-proposed',
  };
  if (!live.unknownSopClassAccepted()) return [commands, storage];
  return [commands, storage, unknownClasses(live)];
}

/** SOP classes that the dictionary of UIDs does not know, such as private ones. */
function unknownClasses(live: LiveSettings): ContextRule {
  const accepted = live.acceptedTransferSyntaxes();
  const isPreferredAccepted = accepted.includes(explicitLittleEndian);
  return {
    matches: (uid) => uidName(uid) === undefined,
    choose: chooseByPreference(isPreferredAccepted ? [explicitLittleEndian, ...accepted] : accepted),
    roles: 'default',
  };
}
