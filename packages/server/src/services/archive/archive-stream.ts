// Archives as a stream: each file is read once, when its turn has come or a little before. What has been removed meanwhile is left out.
import { isNativeSyntax } from '@pharos/codecs';
import { type OrthancId, PharosError, type Settings } from '../../model/index.ts';
import type { Clock, IndexStore, Logger } from '../../ports/index.ts';
import { type Compressor, type EntryContent, type OpenedEntry, zipStream } from '../../zip/index.ts';
import type { InstanceReader, LiveSettings, Transcoder } from '../services.ts';
import { type ArchiveKind, type ArchivePlan, type PlannedFile, type StoredFile, storedFile } from './archive-plan.ts';
import { type BegunFile, createMedium, type Medium } from './medium.ts';

export interface ArchiveDependencies {
  readonly index: Pick<IndexStore, 'get' | 'find' | 'count' | 'counts' | 'diskUsage' | 'valuesBelow'>;
  readonly reader: Pick<InstanceReader, 'open' | 'lend'>;
  readonly transcoder: Transcoder;
  readonly compressor: Compressor;
  readonly settings: Pick<Settings, 'ArchiveCompressionLevel'>;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ArchiveOptions {
  readonly kind: ArchiveKind;
  /** Of media: descriptions in the directory. */
  readonly isExtended: boolean;
  /** Names may have letters beyond ASCII. */
  readonly utf8: boolean;
  /** Files are in this transfer syntax where they can be written so. */
  readonly transcode?: string;
  /** 1 to 100, of lossy syntaxes. */
  readonly quality?: number;
}

type FoundFile = Pick<BegunFile, 'transferSyntax' | 'length'> & { stream(): AsyncIterable<Uint8Array> };

/** undefined: it is not there, or cannot be written so and is taken as it is stored. */
async function transcoded(
  { transcoder, log }: ArchiveDependencies,
  id: OrthancId,
  syntax: string,
  quality: number | undefined,
): Promise<FoundFile | undefined> {
  try {
    return await transcoder.stored(id, { syntaxes: [syntax], quality, lossy: 'new-identifier', isOnce: true });
  } catch (error) {
    if (!(error instanceof PharosError) || !['NotImplemented', 'BadFileFormat'].includes(error.code)) throw error;
    log.warn(`Instance ${id} goes into an archive as it is stored: ${error.message}`);
    return undefined;
  }
}

/** What the index does not tell, the file does; where that cannot be read, it may be anything. */
async function syntaxOf({ reader }: ArchiveDependencies, { attachment, transferSyntax }: StoredFile): Promise<string> {
  if (transferSyntax) return transferSyntax;
  const opened = await reader.open(attachment).catch((error: unknown) => {
    if (error instanceof PharosError && error.code === 'BadFileFormat') return undefined;
    throw error;
  });
  return opened?.file.transferSyntax ?? '';
}

async function find(
  deps: ArchiveDependencies,
  id: OrthancId,
  stored: StoredFile,
  { transcode, quality }: ArchiveOptions,
): Promise<FoundFile> {
  const other = transcode === undefined ? undefined : await transcoded(deps, id, transcode, quality);
  if (other) return other;
  const { attachment } = stored;
  const transferSyntax = await syntaxOf(deps, stored);
  // All of it: what has become shorter is not whole any more.
  const all = { start: 0, end: attachment.uncompressedSize };
  return { transferSyntax, length: all.end, stream: () => deps.reader.lend(attachment, all) };
}

/** @throws what reading throws, before anything of the file is written */
async function begin({ transferSyntax, length, stream }: FoundFile): Promise<BegunFile> {
  const iterator = stream()[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for (let step = first; !step.done; step = await iterator.next()) yield step.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { transferSyntax, length, pieces: pieces() };
}

const isGone = (error: unknown): boolean => error instanceof PharosError && error.code === 'InexistentFile';

/** undefined: it was removed meanwhile, or cannot be read. A file that is not where it was may have been moved. */
async function openFile(
  deps: ArchiveDependencies,
  { id, ...planned }: PlannedFile,
  options: ArchiveOptions,
): Promise<BegunFile | undefined> {
  let stored: StoredFile | undefined = planned;
  for (let attempt = 0; stored && attempt < 2; attempt++) {
    try {
      return await begin(await find(deps, id, stored, options));
    } catch (error) {
      if (!(error instanceof PharosError)) throw error;
      if (!isGone(error)) {
        deps.log.warn(`Instance ${id} is left out of an archive, as its file cannot be read: ${error.message}`);
        return undefined;
      }
    }
    stored = await storedFile(deps.index, id);
  }
  return undefined;
}

/** @param written called with each file that is done, whether it was there or not */
export function archiveStream(
  deps: ArchiveDependencies,
  plan: ArchivePlan,
  options: ArchiveOptions,
  written: () => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { log, settings, live } = deps;
  const modified = deps.clock.now();
  const medium: Medium | undefined =
    options.kind === 'media'
      ? createMedium({ isExtended: options.isExtended, now: modified, fallbackCharset: live.fallbackCharset(), log })
      : undefined;

  const open = async (file: PlannedFile): Promise<EntryContent | undefined> => {
    const begun = await openFile(deps, file, options);
    if (!begun) return undefined;
    const { pieces, length } = medium?.add(file, begun) ?? begun;
    // What is compressed already does not get smaller.
    const level = isNativeSyntax(begun.transferSyntax) ? settings.ArchiveCompressionLevel : 0;
    return { level, length, content: () => pieces };
  };

  async function* entries(): AsyncGenerator<OpenedEntry> {
    let missing = plan.instances;
    for await (const file of plan.files()) {
      missing--;
      yield {
        name: file.path.join('/'),
        modified,
        open: () => open(file),
        done(isThere) {
          if (isThere) medium?.written(file);
          else log.warn('An instance was removed before it came into its archive: it is left out', { id: file.id });
          written();
        },
      };
    }
    if (missing > 0) log.warn('Instances were removed before they came into their archive', { instances: missing });
    if (medium) yield { name: medium.directoryName, modified, isLate: true, open: async () => medium.directory() };
  }

  return zipStream(entries(), deps.compressor);
}
