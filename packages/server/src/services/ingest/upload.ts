// An uploaded body: a DICOM file, the same within gzip, or a ZIP archive of any files, told by the first bytes and by what the
// client says of the encoding.
import { type Origin, PharosError, type Settings } from '../../model/index.ts';
import type { BlobStore, Log } from '../../ports/index.ts';
import type { Ingest, Intake, StoreResult } from '../services.ts';
import { archiveMembers } from './archive.ts';
import { gunzipped } from './gunzip.ts';

export interface UploadDependencies {
  readonly ingest: Ingest;
  readonly blobs: BlobStore;
  readonly settings: Pick<Settings, 'MaximumFileSizeInArchiveMB'>;
  readonly log: Log;
}

export interface Upload {
  readonly source: AsyncIterable<Uint8Array>;
  readonly origin: Origin;
  /** The client says that the file is gzipped. An archive is recognised before that. */
  readonly isGzip: boolean;
}

export type UploadResult =
  | { readonly kind: 'file'; readonly result: StoreResult }
  | { readonly kind: 'archive'; readonly results: readonly StoreResult[] };

/** Members of an archive that are read, or wait for their commit, at the same time. */
const membersAtOnce = 8;

/** @throws PharosError BadFileFormat, InexistentTag, FullStorage; what the source throws. Of a failed archive, members before the fault stay. */
export async function storeUpload(dependencies: UploadDependencies, upload: Upload): Promise<UploadResult> {
  const { head, rest } = await peek(upload.source);
  const source = joined(head, rest);
  if (isZip(head)) return { kind: 'archive', results: await storeArchive(dependencies, source, upload.origin) };
  const content = upload.isGzip ? gunzipped(source, maximumBytes(dependencies)) : source;
  const { stored } = await pour(content, dependencies.ingest.begin(upload.origin));
  return { kind: 'file', result: await stored };
}

function maximumBytes({ settings }: UploadDependencies): number {
  return settings.MaximumFileSizeInArchiveMB === 0
    ? Number.POSITIVE_INFINITY
    : settings.MaximumFileSizeInArchiveMB * 1024 * 1024;
}

interface Peeked {
  /** The first chunks: 4 bytes at least, unless there are fewer. */
  readonly head: readonly Uint8Array[];
  readonly rest: AsyncIterator<Uint8Array>;
}

async function peek(source: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const rest = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let size = 0; size < 4; ) {
    const { done, value } = await rest.next();
    if (done) break;
    head.push(value);
    size += value.byteLength;
  }
  return { head, rest };
}

/** PK and one of the three signatures that an archive may begin with. */
function isZip(head: readonly Uint8Array[]): boolean {
  const [a, b, c, d] = head.length === 1 ? (head[0] ?? []) : head.flatMap((chunk) => [...chunk.subarray(0, 4)]);
  if (a !== 0x50 || b !== 0x4b) return false;
  return (c === 3 && d === 4) || (c === 5 && d === 6) || (c === 7 && d === 8);
}

async function* joined(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (;;) {
      const { done, value } = await rest.next();
      if (done) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}

/** Pushes all of it; resolves when the source is read, to the pending end. @throws what the source throws */
async function pour(
  source: AsyncIterable<Uint8Array>,
  intake: Intake,
): Promise<{ readonly stored: Promise<StoreResult> }> {
  try {
    for await (const chunk of source) {
      const pressure = intake.push(chunk);
      if (pressure) await pressure;
    }
  } catch (error) {
    await intake.abort();
    throw error;
  }
  return { stored: intake.finish() };
}

async function spool(
  blobs: BlobStore,
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly key: string; readonly size: number }> {
  const writer = blobs.create('scratch');
  try {
    for await (const chunk of source) {
      const pressure = writer.write(chunk);
      if (pressure) await pressure;
    }
    return { key: writer.key, size: await writer.finish() };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function storeArchive(
  dependencies: UploadDependencies,
  source: AsyncIterable<Uint8Array>,
  origin: Origin,
): Promise<readonly StoreResult[]> {
  const { blobs } = dependencies;
  const { key, size } = await spool(blobs, source);
  try {
    return await storeMembers(dependencies, { key, size, maximumMember: maximumBytes(dependencies) }, origin);
  } finally {
    await blobs.remove([key]);
  }
}

async function storeMembers(
  { ingest, blobs, log }: UploadDependencies,
  archive: { readonly key: string; readonly size: number; readonly maximumMember: number },
  origin: Origin,
): Promise<readonly StoreResult[]> {
  const results: Promise<StoreResult | undefined>[] = [];
  const skipOthers = (error: unknown): undefined => {
    if (!isNoInstance(error)) throw error;
    log.of('generic').info('A member of a ZIP archive is no DICOM instance and is left out');
    return undefined;
  };
  try {
    for await (const member of archiveMembers(blobs, archive)) {
      const { stored } = await pour(member, ingest.begin(origin));
      const settled = stored.catch(skipOthers);
      settled.catch(() => {});
      results.push(settled);
      if (results.length >= membersAtOnce) await results[results.length - membersAtOnce];
    }
  } finally {
    await Promise.allSettled(results);
  }
  return (await Promise.all(results)).filter((result) => result !== undefined);
}

/** Not DICOM, or a DICOMDIR. */
function isNoInstance(error: unknown): boolean {
  return error instanceof PharosError && (error.code === 'BadFileFormat' || error.code === 'InexistentTag');
}
