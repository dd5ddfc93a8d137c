// Whom a request to a modality is for: the registered modality, with what the body of the request says otherwise.
import { PharosError } from '../model/index.ts';
import type { RemoteModality } from '../ports/index.ts';
import type { Modality, Services } from '../services/index.ts';

type Options = Readonly<Record<string, unknown>>;

function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new PharosError('BadFileFormat', `String value expected in field: ${name}`);
}

function countOption(options: Options, name: string): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new PharosError('BadFileFormat', `Unsigned integer value expected in field: ${name}`);
}

/** @throws PharosError InexistentItem */
export function modalityNamed(services: Pick<Services, 'modalities'>, name: string): Modality {
  const modality = services.modalities.get(name);
  if (modality) return modality;
  throw new PharosError('InexistentItem', `No modality with symbolic name: ${name.slice(0, 64)}`);
}

/** @param options members LocalAet, CalledAet, Host, Port, Timeout of the body, where they are. @throws PharosError BadFileFormat */
export function remoteOf(modality: Modality, options: Options, settings: Services['settings']): RemoteModality {
  return {
    aet: textOption(options, 'CalledAet') ?? modality.aet,
    host: textOption(options, 'Host') ?? modality.host,
    port: countOption(options, 'Port') ?? modality.port,
    localAet: textOption(options, 'LocalAet') || modality.localAet || settings.DicomAet,
    timeout: countOption(options, 'Timeout') || modality.timeout || settings.DicomScuTimeout,
  };
}
