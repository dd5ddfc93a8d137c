// The presentation contexts that the server accepts, from the registry of services and the live settings, at the moment of the request.
import { uidName } from '@pharos/dicom';
import { CommandField, type ContextRule, chooseByPreference, chooseFirstProposed, type Service } from '@pharos/dimse';
import {
  allDicomServices,
  commandSyntaxes,
  type DicomCommand,
  type DicomService,
  dicomServices,
  storageSyntaxes,
} from '../model/index.ts';
import type { LiveSettings } from '../services/index.ts';

const commandFields: Readonly<Record<DicomCommand, number>> = {
  'C-ECHO': CommandField.cEcho,
  'C-STORE': CommandField.cStore,
  'C-FIND': CommandField.cFind,
  'C-MOVE': CommandField.cMove,
  'C-GET': CommandField.cGet,
  'N-ACTION': CommandField.nAction,
  'N-EVENT-REPORT': CommandField.nEventReport,
};

/** Only what somebody serves is accepted. @param serving those who serve requests */
export function contextRulesOf(live: LiveSettings, serving: readonly Service[]): readonly ContextRule[] {
  const commands = allDicomServices
    .filter((service) => service !== dicomServices.storage && service.roles.includes('SCP'))
    .map((service) => commandRule(service, serving));
  const storage: ContextRule = {
    matches: (uid) => live.isSopClassAccepted(uid),
    choose: chooseFirstProposed((uid) => live.isTransferSyntaxAccepted(uid)),
    roles: dicomServices.storage.peerRoles,
  };
  if (!live.unknownSopClassAccepted()) return [...commands, storage];
  return [...commands, storage, unknownClasses(live)];
}

function commandRule({ sopClasses, commands, peerRoles }: DicomService, serving: readonly Service[]): ContextRule {
  const fields = commands.map((command) => commandFields[command]);
  const isServed = (uid: string): boolean =>
    serving.some(({ command, serves }) => fields.includes(command) && (serves?.(uid) ?? true));
  return {
    matches: (uid) => sopClasses.includes(uid) && isServed(uid),
    choose: chooseByPreference(commandSyntaxes.accepted),
    roles: peerRoles,
  };
}

/** SOP classes that the dictionary of UIDs does not know, such as private ones. */
function unknownClasses(live: LiveSettings): ContextRule {
  const accepted = live.acceptedTransferSyntaxes();
  const { preferred } = storageSyntaxes;
  return {
    matches: (uid) => uidName(uid) === undefined,
    choose: chooseByPreference(accepted.includes(preferred) ? [preferred, ...accepted] : accepted),
    roles: 'default',
  };
}
