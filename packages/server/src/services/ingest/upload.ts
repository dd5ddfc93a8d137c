// An uploaded body: a DICOM file, the same within gzip, or a ZIP archive of any files, told by the first bytes and by what the
// client says of the encoding.
import { type Origin, PharosError, type Settings } from '../../model/index.ts';
import type { BlobStore, FinishedBlob, Log } from '../../ports/index.ts';
import type { Ingest, Intake, StoreResult } from '../services.ts';
import { archiveMembers } from './archive.ts';
import { gunzipped } from './gunzip.ts';

export interface UploadDependencies {
  readonly ingest: Ingest;
  readonly blobs: BlobStore;
  readonly settings: Pick<Settings, 'MaximumFileSizeInArchiveMB'>;
  readonly log: Log;
}

/** The bytes of an upload, read once, in one of these ways. */
export interface UploadContent {
  stream(): AsyncIterable<Uint8Array>;
  /** Gives each chunk to `take`; where that gives a promise, the next one waits. */
  pour(take: (chunk: Uint8Array) => Promise<void> | undefined): Promise<void>;
}

export interface Upload {
  readonly content: UploadContent;
  readonly origin: Origin;
  /** The client says that the file is gzipped. An archive is recognised before that. */
  readonly isGzip: boolean;
}

export type UploadResult =
  | { readonly kind: 'file'; readonly result: StoreResult }
  | { readonly kind: 'archive'; readonly results: readonly StoreResult[] };

/** Members of an archive that are read, or wait for their commit, at the same time. */
const membersAtOnce = 8;
/** Bytes that tell what an upload is. */
const signatureBytes = 4;

/** @throws PharosError BadFileFormat, InexistentTag, FullStorage; what the content throws. Of a failed archive, members before the fault stay. */
export function storeUpload(dependencies: UploadDependencies, upload: Upload): Promise<UploadResult> {
  return upload.isGzip ? storeGzip(dependencies, upload) : storePlain(dependencies, upload);
}

/** Where the bytes go once it is known what they are. */
interface Target {
  push(chunk: Uint8Array): Promise<void> | undefined;
  finish(): Promise<UploadResult>;
  abort(): Promise<void>;
}

async function storePlain(dependencies: UploadDependencies, { content, origin }: Upload): Promise<UploadResult> {
  let head: Uint8Array = new Uint8Array(0);
  let target: Target | undefined;
  const begin = (): Target => (isZip(head) ? archiveTarget(dependencies, origin) : fileTarget(dependencies, origin));
  try {
    await content.pour((chunk) => {
      if (target) return target.push(chunk);
      head = head.byteLength === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.byteLength < signatureBytes) return undefined;
      target = begin();
      return target.push(head);
    });
  } catch (error) {
    await target?.abort();
    throw error;
  }
  if (target) return target.finish();
  const short = begin();
  await short.push(head);
  return short.finish();
}

function fileTarget({ ingest }: UploadDependencies, origin: Origin): Target {
  const intake = ingest.begin(origin);
  return {
    push: (chunk) => intake.push(chunk),
    finish: async () => ({ kind: 'file', result: await intake.finish() }),
    abort: () => intake.abort(),
  };
}

/** An archive is kept until all of it is there: its directory is at its end. */
function archiveTarget(dependencies: UploadDependencies, origin: Origin): Target {
  const writer = dependencies.blobs.create('scratch');
  return {
    push: (chunk) => writer.write(chunk),
    abort: () => writer.abort(),
    async finish() {
      return { kind: 'archive', results: await storeArchive(dependencies, await writer.finish(), origin) };
    },
  };
}

/** A gzipped file; or an archive, whatever the client says. */
async function storeGzip(dependencies: UploadDependencies, { content, origin }: Upload): Promise<UploadResult> {
  const { head, rest } = await peek(content.stream());
  const source = joined(head, rest);
  if (isZip(Buffer.concat(head))) {
    const target = archiveTarget(dependencies, origin);
    await pour(source, target);
    return target.finish();
  }
  const target = fileTarget(dependencies, origin);
  await pour(gunzipped(source, maximumBytes(dependencies)), target);
  return target.finish();
}

function maximumBytes({ settings }: UploadDependencies): number {
  return settings.MaximumFileSizeInArchiveMB === 0
    ? Number.POSITIVE_INFINITY
    : settings.MaximumFileSizeInArchiveMB * 1024 * 1024;
}

interface Peeked {
  /** The first chunks: `signatureBytes` at least, unless there are fewer. */
  readonly head: readonly Uint8Array[];
  readonly rest: AsyncIterator<Uint8Array>;
}

async function peek(source: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const rest = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let size = 0; size < signatureBytes; ) {
    const { done, value } = await rest.next();
    if (done) break;
    head.push(value);
    size += value.byteLength;
  }
  return { head, rest };
}

/** PK and one of the three signatures that an archive may begin with. */
function isZip([first, second, third, fourth]: Uint8Array): boolean {
  if (first !== 0x50 || second !== 0x4b) return false;
  return (third === 3 && fourth === 4) || (third === 5 && fourth === 6) || (third === 7 && fourth === 8);
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

/** Pushes all of it. @throws what the source throws */
async function pour(source: AsyncIterable<Uint8Array>, target: Pick<Intake, 'push' | 'abort'>): Promise<void> {
  try {
    for await (const chunk of source) {
      const pressure = target.push(chunk);
      if (pressure) await pressure;
    }
  } catch (error) {
    await target.abort();
    throw error;
  }
}

async function storeArchive(
  dependencies: UploadDependencies,
  { key, size }: FinishedBlob,
  origin: Origin,
): Promise<readonly StoreResult[]> {
  try {
    return await storeMembers(dependencies, { key, size, maximumMember: maximumBytes(dependencies) }, origin);
  } finally {
    await dependencies.blobs.remove([key]);
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
      const intake = ingest.begin(origin);
      await pour(member, intake);
      const settled = intake.finish().catch(skipOthers);
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
