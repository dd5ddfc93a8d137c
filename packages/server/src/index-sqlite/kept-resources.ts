// What was fetched last, kept until the next transaction: clients ask for the same resources again and again.
import type { OrthancId } from '../model/index.ts';
import type { Resource, ResourceFields } from '../ports/index.ts';
import type { LoadResources } from './resource-loader.ts';
import type { Located, Session } from './session.ts';

/** Of each set of fields; resources with more children are not kept. */
const keptResources = 1_000;
const keptChildren = 200;
/** Longer lists pass by what is kept. */
const longestList = 500;

function bitsOf({ tags, ancestors, children, metadata, labels, attachments }: ResourceFields): number {
  return (
    (tags ? 1 : 0) |
    (ancestors ? 2 : 0) |
    (children ? 4 : 0) |
    (metadata ? 8 : 0) |
    (labels ? 16 : 0) |
    (attachments ? 32 : 0)
  );
}

/** A loader that remembers. */
export function createKeptResources(session: Session, load: LoadResources): LoadResources {
  const kept = new Map<number, Map<number, Resource>>();
  session.onWrite(() => kept.clear());

  function keep(alike: Map<number, Resource>, key: number, resource: Resource): void {
    if (alike.size >= keptResources) alike.clear();
    if (resource.children.length <= keptChildren) alike.set(key, resource);
  }

  return (level, keys, fields) => {
    if (keys.length >= longestList) return load(level, keys, fields);
    const bits = bitsOf(fields);
    const alike = kept.get(bits) ?? new Map<number, Resource>();
    kept.set(bits, alike);
    const known: Resource[] = [];
    for (const key of keys) {
      const resource = alike.get(key);
      if (!resource) break;
      known.push(resource);
    }
    if (known.length === keys.length) return known;
    const loaded = load(level, keys, fields);
    if (loaded.length === keys.length)
      for (const [at, resource] of loaded.entries()) keep(alike, keys[at] ?? 0, resource);
    return loaded;
  };
}

export interface KeptLocations {
  locate(id: OrthancId): Located | undefined;
  /** What was found otherwise, in the transaction of now. */
  remember(id: OrthancId, location: Located): void;
}

/** A look-up of identifiers that remembers those it found. */
export function createKeptLocations(session: Session): KeptLocations {
  const kept = new Map<OrthancId, Located>();
  session.onWrite(() => kept.clear());

  function remember(id: OrthancId, location: Located): void {
    if (kept.size >= keptResources) kept.clear();
    kept.set(id, location);
  }

  return {
    remember,
    locate(id) {
      const known = kept.get(id);
      if (known) return known;
      const found = session.locate(id);
      if (found) remember(id, found);
      return found;
    },
  };
}
