// Tags and system metadata of a resource. Metadata that thousands of instances have in common (transfer syntax, origin,
// signature ...) are kept once, as a profile; the rest is the resource's own.
import { type Level, type MainDicomTags, Metadata, type MetadataType } from '../model/index.ts';
import type { MetadataValues } from '../ports/index.ts';
import type { Database } from './database.ts';
import { addIdentifiers } from './identifiers.ts';
import { integer, text, textRecord } from './rows.ts';

const shared: ReadonlySet<MetadataType> = new Set([
  Metadata.RemoteAET,
  Metadata.Origin,
  Metadata.TransferSyntax,
  Metadata.SopClassUid,
  Metadata.RemoteIP,
  Metadata.CalledAET,
  Metadata.HttpUsername,
  Metadata.MainDicomTagsSignature,
  Metadata.PixelDataVR,
]);
const longestShared = 2_000;
const keptProfiles = 500;

export interface DetailStore {
  insert(level: Level, key: number, tags: MainDicomTags, metadata: MetadataValues): void;
  /** Replaces tags and system metadata; the old identifiers must be gone already. */
  replace(level: Level, key: number, tags: MainDicomTags, metadata: MetadataValues): void;
  /** System metadata kept in the row. */
  metadata(key: number): Record<string, string>;
  setMetadata(key: number, metadata: MetadataValues): void;
  /** After an undone transaction. */
  forget(): void;
}

export function createDetails(database: Database): DetailStore {
  const profiles = new Map<string, number>();

  function profileKey(content: string): number {
    const known = profiles.get(content);
    if (known !== undefined) return known;
    database.run('INSERT OR IGNORE INTO profile (content) VALUES (?)', content);
    const key = integer(database.row('SELECT key FROM profile WHERE content = ?', content)?.[0]);
    if (profiles.size >= keptProfiles) profiles.clear();
    profiles.set(content, key);
    return key;
  }

  function pack(metadata: MetadataValues): [profile: number | null, own: string | null] {
    let common = '';
    let own = '';
    for (const type in metadata) {
      const value = metadata[Number(type)];
      if (value === undefined) continue;
      const entry = `,"${type}":${JSON.stringify(value)}`;
      if (shared.has(Number(type)) && value.length < longestShared) common += entry;
      else own += entry;
    }
    return [common ? profileKey(`{${common.slice(1)}}`) : null, own ? `{${own.slice(1)}}` : null];
  }

  return {
    insert(level, key, tags, metadata) {
      database.run('INSERT INTO detail VALUES (?, ?, ?, ?)', key, JSON.stringify(tags), ...pack(metadata));
      addIdentifiers(database, level, key, tags);
    },
    replace(level, key, tags, metadata) {
      const sql = 'UPDATE detail SET tags = ?, profile = ?, own = ? WHERE key = ?';
      database.run(sql, JSON.stringify(tags), ...pack(metadata), key);
      addIdentifiers(database, level, key, tags);
    },
    metadata(key) {
      const sql =
        'SELECT own, content FROM detail LEFT JOIN profile ON profile.key = detail.profile WHERE detail.key = ?';
      const row = database.row(sql, key);
      return { ...textRecord(row?.[1]), ...textRecord(row?.[0]) };
    },
    setMetadata(key, metadata) {
      database.run('UPDATE detail SET profile = ?, own = ? WHERE key = ?', ...pack(metadata), key);
    },
    forget: () => profiles.clear(),
  };
}

/** Tags of one resource. */
export function tagsOf(database: Database, key: number): Record<string, string> {
  return textRecord(text(database.row('SELECT tags FROM detail WHERE key = ?', key)?.[0]));
}
