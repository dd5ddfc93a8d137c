// Who may do what over DICOM: application entity titles against DicomModalities and the DicomAlwaysAllow options. Read at each
// request, since modalities change while the server runs.
import { type Admission, CommandField, type CommandSet, type PeerIdentity, sopClassOf } from '@pharos/dimse';
import { type Settings, SopClass } from '../model/index.ts';
import type { Modality, Registry } from '../services/index.ts';

export type Permission = 'Echo' | 'Find' | 'FindWorklist' | 'Get' | 'Move' | 'Store' | 'NAction' | 'EventReport';

/** The options that decide. */
export type AuthorisationSettings = Pick<
  Settings,
  | 'DicomAet'
  | 'DicomCheckCalledAet'
  | 'StrictAetComparison'
  | 'DicomCheckModalityHost'
  | 'DicomAlwaysAllowEcho'
  | 'DicomAlwaysAllowFind'
  | 'DicomAlwaysAllowFindWorklist'
  | 'DicomAlwaysAllowGet'
  | 'DicomAlwaysAllowMove'
  | 'DicomAlwaysAllowStore'
>;

export interface Authorisation {
  /** The registered modality of this title, the first of several. */
  modalityOf(aet: string): Modality | undefined;
  /** Judges an association request. */
  admit(peer: PeerIdentity): Admission;
  /** Judges a command; commands that nobody serves are not refused. */
  isAllowed(peer: PeerIdentity, command: CommandSet): boolean;
}

export function createAuthorisation(
  settings: AuthorisationSettings,
  modalities: Pick<Registry<Modality>, 'names' | 'get'>,
): Authorisation {
  const alwaysAllowed: Readonly<Record<Permission, boolean>> = {
    Echo: settings.DicomAlwaysAllowEcho,
    Find: settings.DicomAlwaysAllowFind,
    FindWorklist: settings.DicomAlwaysAllowFindWorklist,
    Get: settings.DicomAlwaysAllowGet,
    Move: settings.DicomAlwaysAllowMove,
    Store: settings.DicomAlwaysAllowStore,
    NAction: false,
    EventReport: false,
  };
  const isOpenToAll = Object.values(alwaysAllowed).includes(true);
  const isSameAet = (a: string, b: string): boolean => comparable(a, settings) === comparable(b, settings);

  const modalitiesOf = (aet: string): readonly Modality[] =>
    modalities
      .names()
      .flatMap((name) => modalities.get(name) ?? [])
      .filter((modality) => isSameAet(modality.aet, aet));

  const hasHost = (modality: Modality, peer: PeerIdentity): boolean =>
    !settings.DicomCheckModalityHost || modality.host === peer.remoteAddress;

  return {
    modalityOf: (aet) => modalitiesOf(aet)[0],
    admit(peer) {
      if (settings.DicomCheckCalledAet && !isSameAet(peer.calledAet, settings.DicomAet))
        return 'called-aet-not-recognised';
      if (isOpenToAll) return 'accepted';
      const isKnown = modalitiesOf(peer.callingAet).some((modality) => hasHost(modality, peer));
      return isKnown ? 'accepted' : 'calling-aet-not-recognised';
    },
    isAllowed(peer, command) {
      const permission = permissionOf(command);
      if (!permission || alwaysAllowed[permission]) return true;
      const known = modalitiesOf(peer.callingAet);
      if (known.length === 0) return false;
      // Several modalities may share a title: the host decides between them where it is checked, else all of them must agree.
      if (settings.DicomCheckModalityHost) {
        return known.some((modality) => hasHost(modality, peer) && modality.allow[permission]);
      }
      return known.every((modality) => modality.allow[permission]);
    },
  };
}

function comparable(aet: string, settings: AuthorisationSettings): string {
  const trimmed = aet.trim();
  return settings.StrictAetComparison ? trimmed : trimmed.toUpperCase();
}

function permissionOf(command: CommandSet): Permission | undefined {
  switch (command.CommandField) {
    case CommandField.cEcho:
      return 'Echo';
    case CommandField.cStore:
      return 'Store';
    case CommandField.cFind:
      return sopClassOf(command) === SopClass.modalityWorklistFind ? 'FindWorklist' : 'Find';
    case CommandField.cGet:
      return 'Get';
    case CommandField.cMove:
      return 'Move';
    case CommandField.nAction:
      return 'NAction';
    case CommandField.nEventReport:
      return 'EventReport';
    default:
      return undefined;
  }
}
