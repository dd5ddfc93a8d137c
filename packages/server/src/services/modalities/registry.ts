// Named remote servers: from the configuration, or kept in the index where the configuration says so.
import { PharosError, type Settings } from '../../model/index.ts';
import type { PropertyStore } from '../../ports/index.ts';
import type { Modality, Peer, Registry } from '../services.ts';
import { parseModality, printModality } from './modality.ts';
import { parsePeer, printWholePeer } from './peer.ts';

interface Form<T> {
  parse(value: unknown): T;
  /** What `parse` reads again. */
  print(value: T): object;
}

interface Source {
  readonly option: 'DicomModalities' | 'OrthancPeers';
  readonly configured: Readonly<Record<string, unknown>>;
  /** Where changes are kept; undefined: only in memory. */
  readonly kept: { readonly store: PropertyStore; readonly property: string } | undefined;
}

/** @throws PharosError BadFileFormat */
function checkName(name: string): void {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return;
  throw new PharosError(
    'BadFileFormat',
    `Only letters, digits, dashes and underscores are allowed in the names of modalities and peers, but found: ${name.slice(0, 64)}`,
  );
}

async function keptValues({ kept }: Source): Promise<Readonly<Record<string, unknown>>> {
  const text = await kept?.store.property(kept.property);
  const value: unknown = text === undefined ? {} : JSON.parse(text);
  return Object.fromEntries(Object.entries(value ?? {}));
}

/** Reads a value of the configuration, or of what was kept of it. @throws PharosError that names the option and the server */
function parseNamed<T>({ parse }: Form<T>, option: string, name: string, value: unknown): T {
  try {
    checkName(name);
    return parse(value);
  } catch (cause) {
    if (!(cause instanceof PharosError)) throw cause;
    throw new PharosError(cause.code, { details: `${option}.${name.slice(0, 64)}: ${cause.details}`, cause });
  }
}

async function createRegistry<T>(form: Form<T>, source: Source): Promise<Registry<T>> {
  const values = new Map<string, T>();
  for (const [name, value] of Object.entries(source.kept ? await keptValues(source) : source.configured)) {
    values.set(name, parseNamed(form, source.option, name, value));
  }
  const keep = async () => {
    const printed = Object.fromEntries([...values].map(([name, value]) => [name, form.print(value)]));
    await source.kept?.store.setProperty(source.kept.property, JSON.stringify(printed));
  };
  return {
    names: () => [...values.keys()].sort(),
    get: (name) => values.get(name),
    async set(name, value) {
      checkName(name);
      values.set(name, value);
      await keep();
    },
    async remove(name) {
      const existed = values.delete(name);
      if (existed) await keep();
      return existed;
    },
  };
}

/** @throws PharosError BadFileFormat, ParameterOutOfRange where DicomModalities is wrong */
export function createModalities(
  settings: Pick<Settings, 'DicomModalities' | 'DicomModalitiesInDatabase'>,
  store: PropertyStore,
): Promise<Registry<Modality>> {
  const kept = settings.DicomModalitiesInDatabase ? { store, property: 'modalities' } : undefined;
  const form = { parse: parseModality, print: printModality };
  return createRegistry(form, { option: 'DicomModalities', configured: settings.DicomModalities, kept });
}

/** @throws PharosError BadFileFormat where OrthancPeers is wrong */
export function createPeers(
  settings: Pick<Settings, 'OrthancPeers' | 'OrthancPeersInDatabase'>,
  store: PropertyStore,
): Promise<Registry<Peer>> {
  const kept = settings.OrthancPeersInDatabase ? { store, property: 'peers' } : undefined;
  const form = { parse: parsePeer, print: printWholePeer };
  return createRegistry(form, { option: 'OrthancPeers', configured: settings.OrthancPeers, kept });
}
