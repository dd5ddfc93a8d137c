// From files, environment and command line to Settings: every value checked, what depends on other values computed.
import { createHash } from 'node:crypto';
import { networkInterfaces, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Attachment, isHttpSecure, Metadata, type Settings } from '../model/index.ts';
import { withEnvironment } from './environment-source.ts';
import { type Environment, readFiles, type Values } from './file-source.ts';
import { nearestName } from './nearest-name.ts';
import { ConfigurationError } from './option.ts';
import { aliases, type DeclaredSettings, isOptionName, options, sections } from './options/index.ts';
import { withoutEffect } from './options/without-effect.ts';

export interface Configuration {
  readonly settings: Settings;
  /** What the user should know but what does not stop the server: unknown options, insecure ones. */
  readonly warnings: readonly string[];
  readonly files: readonly string[];
  /** All that was given, also what this server does not know: for scripts. */
  readonly values: Values;
}

export interface ConfigurationSources {
  /** Files and folders of the command line. */
  readonly paths?: readonly string[];
  readonly environment?: Environment;
  /** Values that win over all others (tests, embedding). */
  readonly values?: Values;
}

/** @throws ConfigurationError, whose message names file or JSON path, what is wrong and what would be right */
export function loadConfiguration(sources: ConfigurationSources = {}): Configuration {
  const environment = sources.environment ?? {};
  const read = readFiles(sources.paths ?? [], environment);
  const values = withoutAliases({ ...withEnvironment(read.values, environment), ...sources.values });
  const given = declared(values);
  const settings = complete(given, read.folder);
  check(settings, values);
  const warnings = [...unknownNames(values), ...withoutEffectNames(given), ...risks(settings)];
  return { settings, warnings, files: read.files, values };
}

function withoutAliases(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [aliases[name] ?? name, value]));
}

function declared(values: Values): DeclaredSettings {
  const entries = Object.entries(options).map(([name, option]) => {
    const value = values[name];
    return [name, value === undefined || value === null ? option.fallback : option.read(value, name)];
  });
  // Each entry was read by the option of its name, which is what the type says.
  return Object.fromEntries(entries) as DeclaredSettings;
}

/** Orthanc's recipe of an identifier that is stable on one machine. */
function serverIdentifier(of: DeclaredSettings): string {
  const macs = new Set(
    Object.values(networkInterfaces())
      .flat()
      .map((network) => network?.mac)
      .filter((mac) => mac !== undefined && mac !== '00:00:00:00:00:00'),
  );
  const parts = [...macs].map((mac) => `mac=${mac}`);
  parts.push(`aet=${of.DicomAet}`, `dicom-port=${of.DicomPort}`, `http-port=${of.HttpPort}`);
  return createHash('sha1').update(parts.sort().join('|')).digest('hex');
}

function complete(given: DeclaredSettings, folder: string): Settings {
  const path = (name: string) => resolve(folder, name);
  const maybePath = (name: string | undefined) => (name === undefined ? undefined : path(name));
  return Object.freeze({
    ...given,
    StorageDirectory: path(given.StorageDirectory),
    IndexDirectory: path(given.IndexDirectory ?? given.StorageDirectory),
    TemporaryDirectory: path(given.TemporaryDirectory ?? tmpdir()),
    SslCertificate: path(given.SslCertificate),
    SslTrustedClientCertificates: path(given.SslTrustedClientCertificates),
    DicomTlsCertificate: maybePath(given.DicomTlsCertificate),
    DicomTlsPrivateKey: maybePath(given.DicomTlsPrivateKey),
    DicomTlsTrustedCertificates: maybePath(given.DicomTlsTrustedCertificates),
    LuaScripts: given.LuaScripts.map(path),
    Plugins: given.Plugins.map(path),
    AuthenticationEnabled: given.AuthenticationEnabled ?? given.RemoteAccessAllowed,
    DatabaseServerIdentifier: given.DatabaseServerIdentifier ?? serverIdentifier(given),
    ExtraMainDicomTags: given.ExtraMainDicomTags ?? {},
    SequentialDicomReaderThreadsCount: given.SequentialDicomReaderThreadsCount ?? given.StorageLoaderThreadsCount,
  });
}

/** Names that the configuration cannot give to other numbers. */
const serverNames = { UserMetadata: Metadata, UserContentType: Attachment };

/** Combinations that make no sense or no safe server. */
function check(settings: Settings, values: Values): void {
  const fail = (message: string): never => {
    throw new ConfigurationError(message);
  };
  if (settings.RemoteAccessAllowed && settings.AuthenticationEnabled && settings.RegisteredUsers === undefined) {
    fail(
      'RemoteAccessAllowed is true but there are no RegisteredUsers: set RegisteredUsers to {"name": "password"}, ' +
        'or AuthenticationEnabled to false where everybody may see and delete everything',
    );
  }
  const badUser = Object.keys(settings.RegisteredUsers ?? {}).find((name) => name.includes(':') || name === '');
  if (badUser !== undefined) fail('RegisteredUsers: a user name cannot be empty or contain a colon');
  if (settings.DatabaseServerIdentifier === '') fail('DatabaseServerIdentifier cannot be empty');
  const needsMd5 = settings.CheckRevisions ? 'CheckRevisions' : 'OverwriteInstances';
  if (!settings.StoreMD5ForAttachments && (settings.CheckRevisions || settings.OverwriteInstances === 'IfChanged')) {
    fail(`${needsMd5} compares MD5 sums: it needs StoreMD5ForAttachments to be true`);
  }
  if (!settings.PatientLevelEnabled && (settings.MaximumPatientCount > 0 || settings.MaximumStorageSize > 0)) {
    fail('MaximumPatientCount and MaximumStorageSize remove patients: they need PatientLevelEnabled to be true');
  }
  for (const name of ['UserMetadata', 'UserContentType'] as const) {
    const numbers = Object.values(settings[name]).map((value) => (typeof value === 'number' ? value : value[0]));
    if (new Set(numbers).size < numbers.length) fail(`${name}: two names have the same number`);
    const taken = Object.keys(settings[name]).find((own) => Object.hasOwn(serverNames[name], own));
    if (taken !== undefined) fail(`${name}.${taken} is a name of the server's own: choose another`);
  }
  if (
    values.HttpPort !== 0 &&
    settings.HttpPort === settings.DicomPort &&
    settings.HttpServerEnabled &&
    settings.DicomServerEnabled
  ) {
    fail(`HttpPort and DicomPort are both ${settings.HttpPort}`);
  }
}

function unknownNames(values: Values): readonly string[] {
  const known = [...Object.keys(options), ...sections];
  return Object.keys(values)
    .filter((name) => !isOptionName(name) && !sections.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return `Unknown option ${name.slice(0, 100)} is ignored${nearest ? `; did you mean ${nearest}?` : ''}`;
    });
}

function withoutEffectNames(given: DeclaredSettings): readonly string[] {
  const names = withoutEffect.filter((name) => !isDeepStrictEqual(given[name], options[name].fallback));
  return names.length === 0 ? [] : [`Options that have no effect in this version: ${names.join(', ')}`];
}

function risks(settings: Settings): readonly string[] {
  const found: string[] = [];
  if (settings.RemoteAccessAllowed && !settings.AuthenticationEnabled) {
    found.push('Everybody who reaches this machine may see and delete everything: AuthenticationEnabled is false');
  }
  if (settings.RemoteAccessAllowed && settings.AuthenticationEnabled && !isHttpSecure(settings)) {
    found.push("RegisteredUsers has a user whose password is published in Orthanc's documentation: choose another");
  }
  if (settings.AuthenticationEnabled && Object.keys(settings.RegisteredUsers ?? {}).length === 0) {
    found.push('Nobody can log in: AuthenticationEnabled is true and RegisteredUsers is empty');
  }
  if (settings.ExecuteLuaEnabled) {
    found.push('Whoever may use the REST API may run any program on this machine: ExecuteLuaEnabled is true');
  }
  return found;
}
