// Whom a request to a modality is for: the registered modality, with what the body of the request says otherwise.
import { PharosError, type Settings } from '../model/index.ts';
import type { RemoteModality } from '../ports/index.ts';
import type { Modality, Services } from '../services/index.ts';
import { remoteModality } from '../services/modalities/index.ts';
import { type JsonMembers, memberReader } from './shapes/json-body.ts';

/** @throws PharosError InexistentItem */
export function modalityNamed(services: Pick<Services, 'modalities'>, name: string): Modality {
  const modality = services.modalities.get(name);
  if (modality) return modality;
  throw new PharosError('InexistentItem', `No modality with symbolic name: ${name.slice(0, 64)}`);
}

/**
 * @param options members LocalAet, CalledAet, Host, Port, Timeout of the body, where they are
 * @throws PharosError BadFileFormat
 */
export function remoteOf(
  modality: Modality,
  options: JsonMembers,
  settings: Pick<Settings, 'DicomAet' | 'DicomScuTimeout'>,
): RemoteModality {
  const member = memberReader(options, 'BadFileFormat');
  const registered = remoteModality(modality, settings);
  return {
    ...registered,
    aet: member.text('CalledAet') ?? registered.aet,
    host: member.text('Host') ?? registered.host,
    port: member.integer('Port') ?? registered.port,
    localAet: member.text('LocalAet') || registered.localAet,
    timeout: member.count('Timeout') || registered.timeout,
  };
}
