// Remote modalities in the configuration and in REST: a short array or an object; always printed as an object.
import { PharosError } from '../../model/index.ts';
import type { Manufacturer, Modality } from '../services.ts';
import { booleanField, countField, type Fields, isFields, textField } from './fields.ts';

const manufacturers: Readonly<Record<string, Manufacturer>> = {
  Generic: 'Generic',
  GenericNoWildcardInDates: 'GenericNoWildcardInDates',
  GenericNoUniversalWildcard: 'GenericNoUniversalWildcard',
  Vitrea: 'Vitrea',
  GE: 'GE',
  SiemensSyngoCT: 'SiemensSyngoCT',
  // Older names, still found in configurations.
  AgfaImpax: 'GenericNoWildcardInDates',
  SyngoVia: 'GenericNoWildcardInDates',
  EFilm2: 'Generic',
  MedInria: 'Generic',
  ClearCanvas: 'Generic',
  Dcm4Chee: 'Generic',
};

const allowAll: Modality['allow'] = {
  Echo: true,
  Find: true,
  FindWorklist: true,
  Get: true,
  Move: true,
  Store: true,
  NAction: true,
  EventReport: true,
  Transcoding: true,
};

function manufacturerOf(name: string): Manufacturer {
  const known = Object.hasOwn(manufacturers, name) ? manufacturers[name] : undefined;
  if (known) return known;
  throw new PharosError('ParameterOutOfRange', `Unknown modality manufacturer: "${name.slice(0, 64)}"`);
}

function portOf(value: unknown): number {
  const port = typeof value === 'string' && /^[+-]?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof port !== 'number' || !Number.isInteger(port)) throw new PharosError('BadFileFormat', 'A port is a number');
  if (port >= 1 && port <= 65534) return port;
  throw new PharosError('ParameterOutOfRange', `A TCP port number must be in range [1..65534], but found: ${port}`);
}

function fromArray([aet, host, port, manufacturer = 'Generic', ...rest]: readonly unknown[]): Modality {
  if (typeof aet !== 'string' || typeof host !== 'string' || typeof manufacturer !== 'string' || rest.length > 0) {
    throw new PharosError('BadFileFormat', 'A modality is [AET, host, port] or [AET, host, port, manufacturer]');
  }
  return {
    aet,
    host,
    port: portOf(port),
    manufacturer: manufacturerOf(manufacturer),
    allow: allowAll,
    useDicomTls: false,
    localAet: '',
    timeout: 0,
    retrieveMethod: 'SystemDefault',
  };
}

function retrieveMethodOf(name: string): Modality['retrieveMethod'] {
  if (name === 'SystemDefault' || name === 'C-MOVE' || name === 'C-GET') return name;
  throw new PharosError('ParameterOutOfRange', `Unknown retrieve method: "${name.slice(0, 64)}"`);
}

function allowed(fields: Fields): Modality['allow'] {
  const flag = (name: string, absent = true) => booleanField(fields, name, absent);
  // AllowStorageCommitment stands for both of its messages.
  const commitment = fields.AllowStorageCommitment === undefined ? undefined : flag('AllowStorageCommitment');
  return {
    Echo: flag('AllowEcho'),
    Find: flag('AllowFind'),
    FindWorklist: flag('AllowFindWorklist'),
    Get: flag('AllowGet'),
    Move: flag('AllowMove'),
    Store: flag('AllowStore'),
    NAction: commitment ?? flag('AllowNAction'),
    EventReport: commitment ?? flag('AllowEventReport'),
    Transcoding: flag('AllowTranscoding'),
  };
}

function fromObject(fields: Fields): Modality {
  return {
    aet: textField(fields, 'AET'),
    host: textField(fields, 'Host'),
    port: portOf(fields.Port),
    manufacturer: manufacturerOf(textField(fields, 'Manufacturer', 'Generic')),
    allow: allowed(fields),
    useDicomTls: booleanField(fields, 'UseDicomTls', false),
    localAet: textField(fields, 'LocalAet', ''),
    timeout: countField(fields, 'Timeout', 0),
    retrieveMethod: retrieveMethodOf(textField(fields, 'RetrieveMethod', 'SystemDefault')),
  };
}

/** @throws PharosError BadFileFormat, ParameterOutOfRange */
export function parseModality(value: unknown): Modality {
  if (Array.isArray(value)) return fromArray(value);
  if (isFields(value)) return fromObject(value);
  throw new PharosError('BadFileFormat', 'A modality is an array or an object');
}

/** The object form. */
export function printModality(modality: Modality) {
  const { allow } = modality;
  return {
    AET: modality.aet,
    AllowEcho: allow.Echo,
    AllowEventReport: allow.EventReport,
    AllowFind: allow.Find,
    AllowFindWorklist: allow.FindWorklist,
    AllowGet: allow.Get,
    AllowMove: allow.Move,
    AllowNAction: allow.NAction,
    AllowStore: allow.Store,
    AllowTranscoding: allow.Transcoding,
    Host: modality.host,
    LocalAet: modality.localAet,
    Manufacturer: modality.manufacturer,
    Port: modality.port,
    RetrieveMethod: modality.retrieveMethod,
    Timeout: modality.timeout,
    UseDicomTls: modality.useDicomTls,
  };
}
