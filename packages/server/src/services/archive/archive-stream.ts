// Archives as a stream: files are read and compressed a few ahead of the one that is being sent, large ones while they are sent.
import { isNativeSyntax } from '@pharos/codecs';
import { createDicomDir, createPart10Parser, type DicomDirBuilder } from '@pharos/dicom';
import { type OrthancId, PharosError, type Settings } from '../../model/index.ts';
import type { Clock, IndexStore, Logger } from '../../ports/index.ts';
import { type PreparedEntry, prepareEntry, type ZipEntry, zipStream } from '../../zip/index.ts';
import { ahead } from '../ahead.ts';
import { outgoingInstance } from '../selection/index.ts';
import type { InstanceFile, InstanceReader, Transcoder } from '../services.ts';
import type { ArchiveKind, ArchivePlan, PlannedFile } from './archive-plan.ts';

export interface ArchiveDependencies {
  readonly index: Pick<IndexStore, 'get' | 'find'>;
  readonly reader: Pick<InstanceReader, 'header' | 'stream'>;
  readonly transcoder: Transcoder;
  readonly settings: Pick<Settings, 'ArchiveCompressionLevel'>;
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

const directoryName = 'DICOMDIR';
const fileSetId = 'ORTHANC_MEDIA';
/** Larger files are not held in memory. */
const heldBytes = 4 * 1024 * 1024;
const filesAhead = 6;

type OpenedFile = Pick<InstanceFile, 'transferSyntax' | 'length' | 'stream'>;

/** undefined: it was removed meanwhile. What cannot be transcoded is taken as it is stored. */
async function open(
  deps: ArchiveDependencies,
  id: OrthancId,
  { transcode, quality }: ArchiveOptions,
): Promise<OpenedFile | undefined> {
  if (transcode !== undefined) {
    try {
      return await deps.transcoder.stored(id, {
        syntaxes: [transcode],
        quality,
        lossy: 'new-identifier',
        isOnce: true,
      });
    } catch (error) {
      if (!(error instanceof PharosError) || !['NotImplemented', 'BadFileFormat'].includes(error.code)) throw error;
      deps.log.warn(`Instance ${id} goes into an archive as it is stored: ${error.message}`);
    }
  }
  const stored = await outgoingInstance(deps, id);
  return stored && { transferSyntax: stored.transferSyntax, length: stored.length, stream: stored.open };
}

async function inMemory({ stream }: OpenedFile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream()) pieces.push(piece);
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Buffer.concat(pieces);
}

/** What the directory of a medium tells of a file is in its header. */
async function addToDirectory(
  directory: DicomDirBuilder,
  path: readonly string[],
  { stream }: OpenedFile,
): Promise<void> {
  const parser = createPart10Parser();
  for await (const piece of stream()) if (parser.push(piece)) break;
  const { dataSet, transferSyntax } = parser.finish();
  directory.add({ path, dataSet, transferSyntax });
}

/** A file, ready to be written where it is small. */
interface Made {
  readonly entry: ZipEntry | PreparedEntry;
  readonly opened: OpenedFile;
  readonly path: readonly string[];
}

/** @param written called with each file of the plan that is done, whether it was there or not */
export async function* archiveStream(
  deps: ArchiveDependencies,
  plan: ArchivePlan,
  options: ArchiveOptions,
  written: (file: PlannedFile) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const modified = deps.clock.now();
  const directory =
    options.kind === 'media' ? createDicomDir({ fileSetId, isExtended: options.isExtended, now: modified }) : undefined;

  const make = async ({ id, path }: PlannedFile): Promise<Made | undefined> => {
    const opened = await open(deps, id, options);
    if (!opened) return undefined;
    // What is compressed already does not get smaller.
    const level = isNativeSyntax(opened.transferSyntax) ? deps.settings.ArchiveCompressionLevel : 0;
    const entry: ZipEntry = {
      name: path.join('/'),
      modified,
      level,
      length: opened.length,
      content: opened.stream,
    };
    const isHeld = opened.length !== undefined && opened.length <= heldBytes;
    return { path, opened, entry: isHeld ? await prepareEntry(entry, await inMemory(opened)) : entry };
  };

  async function* entries(): AsyncGenerator<ZipEntry | PreparedEntry> {
    const { files } = plan;
    const made = ahead(files.length, filesAhead, async (index) => {
      const file = files[index];
      return file && { file, made: await make(file) };
    });
    for await (const next of made) {
      if (!next) continue;
      if (next.made) {
        if (directory) await addToDirectory(directory, next.made.path, next.made.opened);
        yield next.made.entry;
      }
      written(next.file);
    }
    if (directory) yield prepareEntry({ name: directoryName, modified, level: 1 }, directory.finish());
  }

  yield* zipStream(entries());
}
