// Whom a request to a modality is for: the registered modality, with what the body of the request says otherwise.
import { PharosError, type Settings } from '../model/index.ts';
import type { RemoteModality } from '../ports/index.ts';
import type { Modality, Services } from '../services/index.ts';
import { type JsonMembers, memberReader } from './shapes/json-body.ts';

/** @throws PharosError InexistentItem */
export function modalityNamed(services: Pick<Services, 'modalities'>, name: string): Modality {
  const modality = services.modalities.get(name);
  if (modality) return modality;
  throw new PharosError('InexistentItem', `No modality with symbolic name: ${name.slice(0, 64)}`);
}

/**
 * @param options members LocalAet, CalledAet, Host, Port, Timeout of the body, where they are
 * @throws PharosError BadFileFormat; NotImplemented for a modality that wants TLS, to which nothing may go in the clear
 */
export function remoteOf(
  modality: Modality,
  options: JsonMembers,
  settings: Pick<Settings, 'DicomAet' | 'DicomScuTimeout'>,
): RemoteModality {
  if (modality.useDicomTls) {
    throw new PharosError('NotImplemented', 'UseDicomTls is on for this modality, but DICOM TLS is not there yet');
  }
  const member = memberReader(options, 'BadFileFormat');
  return {
    aet: member.text('CalledAet') ?? modality.aet,
    host: member.text('Host') ?? modality.host,
    port: member.integer('Port') ?? modality.port,
    localAet: member.text('LocalAet') || modality.localAet || settings.DicomAet,
    timeout: member.count('Timeout') || modality.timeout || settings.DicomScuTimeout,
    ...(modality.manufacturer === 'SiemensSyngoCT' && { hasDefaultRoles: true }),
    ...(!modality.allow.Transcoding && { allowsTranscoding: false }),
  };
}
