// Who asks by C-FIND, for filters.
import type { Request } from '@pharos/dimse';
import type { FindPeer } from '../ports/index.ts';
import type { Modality } from '../services/index.ts';

export type ModalityOf = (aet: string) => Modality | undefined;

export function findPeerOf(
  { callingAet, calledAet, remoteAddress }: Request['association'],
  modalityOf: ModalityOf,
): FindPeer {
  const manufacturer = modalityOf(callingAet)?.manufacturer ?? 'Generic';
  return { aet: callingAet, ip: remoteAddress, calledAet, manufacturer };
}
