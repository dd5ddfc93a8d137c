// Archives as a stream: each file is read once, when its turn has come or a little before. What has been removed meanwhile is left out;
// so is what cannot be read, which the log, the job and the archive itself tell.
import { isNativeSyntax } from '@pharos/codecs';
import { begun } from '@pharos/dicom';
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
  return { transferSyntax, length, pieces: await begun(stream()) };
}

/** What came of an instance that was to be in an archive. */
type Opened =
  | { readonly kind: 'there'; readonly file: BegunFile }
  | { readonly kind: 'removed' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file that is not where it was, or not any more what it was, may have been moved or replaced: it is looked up once more. */
async function openFile(
  deps: ArchiveDependencies,
  { id, ...planned }: PlannedFile,
  options: ArchiveOptions,
): Promise<Opened> {
  let stored: StoredFile | undefined = planned;
  let reason = '';
  for (let attempt = 0; stored && attempt < 2; attempt++) {
    try {
      return { kind: 'there', file: await begin(await find(deps, id, stored, options)) };
    } catch (error) {
      if (!(error instanceof PharosError)) throw error;
      reason = error.message;
    }
    stored = await storedFile(deps.index, id);
  }
  return stored ? { kind: 'unreadable', reason } : { kind: 'removed' };
}

/** Who wants to know how an archive gets on. */
export interface ArchiveProgress {
  /** The next file is done, whether it was there or not. */
  done(): void;
  /** An instance that is stored is not in the archive: its file cannot be read. */
  missing(): void;
}

const nobody: ArchiveProgress = { done() {}, missing() {} };

function incomplete(missing: number, all: number): string {
  return missing === 0
    ? ''
    : `INCOMPLETE: ${missing} of ${all} instances are missing, as their stored files cannot be read. The log of the server names them.`;
}

/** The bytes of the archive, piece by piece. @throws what the index throws: the archive ends without its directory then */
export function archiveStream(
  deps: ArchiveDependencies,
  plan: ArchivePlan,
  options: ArchiveOptions,
  progress: ArchiveProgress = nobody,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { log, settings, live } = deps;
  const modified = deps.clock.now();
  const medium: Medium | undefined =
    options.kind === 'media'
      ? createMedium({ isExtended: options.isExtended, now: modified, fallbackCharset: live.fallbackCharset(), log })
      : undefined;

  let unreadable = 0;

  const tellMissing = ({ id, attachment }: PlannedFile, reason: string): void => {
    unreadable++;
    progress.missing();
    const facts = { id, attachment: attachment.uuid, reason };
    log.error('An instance is missing in an archive: its stored file cannot be read', facts);
  };

  const open = async (planned: PlannedFile, wanted: ArchiveOptions): Promise<EntryContent | undefined> => {
    const opened = await openFile(deps, planned, wanted);
    if (opened.kind === 'removed') {
      log.warn('An instance was removed before it came into its archive: it is left out', { id: planned.id });
      return undefined;
    }
    if (opened.kind === 'unreadable') {
      tellMissing(planned, opened.reason);
      return undefined;
    }
    const { file } = opened;
    const { pieces, length } = medium?.add(planned, file) ?? file;
    // What is compressed already does not get smaller.
    const level = isNativeSyntax(file.transferSyntax) ? settings.ArchiveCompressionLevel : 0;
    return { level, length, content: () => pieces };
  };

  /** Of a file that failed when part of it was written already: as it is stored, unless it was that. */
  const insteadOf = (planned: PlannedFile) => {
    let isAsStored = options.transcode === undefined;
    return async (error: unknown): Promise<EntryContent | undefined> => {
      if (!(error instanceof PharosError)) throw error;
      if (isAsStored) {
        tellMissing(planned, error.message);
        return undefined;
      }
      isAsStored = true;
      log.warn(`Instance ${planned.id} goes into an archive as it is stored: ${error.message}`);
      return open(planned, { ...options, transcode: undefined });
    };
  };

  async function* entries(): AsyncGenerator<OpenedEntry> {
    let left = plan.instances;
    for await (const file of plan.files()) {
      left--;
      yield {
        name: file.path.join('/'),
        modified,
        open: () => open(file, options),
        instead: insteadOf(file),
        done(isThere) {
          if (isThere) medium?.written(file);
          progress.done();
        },
      };
    }
    if (left > 0) log.warn('Instances were removed before they came into their archive', { instances: left });
    if (medium) yield { name: medium.directoryName, modified, isLate: true, open: async () => medium.directory() };
  }

  const comment = (): string => {
    if (unreadable > 0) log.error('An archive is incomplete', { missing: unreadable, instances: plan.instances });
    return incomplete(unreadable, plan.instances);
  };
  return zipStream(entries(), { compressor: deps.compressor, comment });
}
