// Stored instances on their way to a peer, with what it has to know beforehand: one, or many one after the other.
import { begun, dataSetBytes, dataSetPieces, formatTag, Tag } from '@pharos/dicom';
import { Attachment, type AttachmentInfo, Metadata, type OrthancId, PharosError } from '../../model/index.ts';
import type { IndexStore, LentBlob, OutgoingInstance, Resource, ResourceFields } from '../../ports/index.ts';
import type { InstanceReader, Transcoder } from '../services.ts';

export interface OutgoingDependencies {
  readonly index: Pick<IndexStore, 'get' | 'getAll'>;
  readonly reader: Pick<InstanceReader, 'header' | 'stream' | 'lend' | 'sequence'>;
  /** Without it, instances go as they are stored. */
  readonly transcoder?: Pick<Transcoder, 'attachment'>;
}

/** Instances that are sent one after the other. */
export interface OutgoingSequence {
  /** The next of them; any of them, at the cost of `outgoingInstance`. undefined: it is not there any more. */
  find(id: OrthancId): Promise<OutgoingInstance | undefined>;
  /** Nothing more will be sent. */
  close(): void;
}

/** Nothing of the instance was sent: what is there now is something else than what its peer was told of. */
export class InstanceReplaced extends PharosError {
  constructor(id: OrthancId) {
    super('InexistentItem', `Instance ${id} was replaced while it was being sent`);
  }
}

const sopInstanceUidKey = formatTag(Tag.SOPInstanceUID);
const fields: ResourceFields = { tags: true, metadata: true, attachments: true };

/** Instances that the index is asked for at once. */
const batch = 100;
/** Files that may be read ahead. */
const filesAhead = 32;
/** Milliseconds: what stays behind a slow peer is looked up anew, as files are moved by and by. */
const staleAfter = 10_000;

const metadataOf = ({ metadata }: Resource, type: number): string | undefined =>
  metadata.find((entry) => entry.type === type)?.value;

interface Known {
  readonly resource?: Resource;
  /** undefined: it is no instance, or not there any more. */
  readonly file?: AttachmentInfo;
}

function knownOf(resource: Resource | undefined): Known {
  if (resource?.level !== 'Instance') return {};
  return { resource, file: resource.attachments.find(({ type }) => type === Attachment.dicom) };
}

interface Stored {
  readonly resource: Resource;
  readonly file: AttachmentInfo;
}

function storedOf({ resource, file }: Known): Stored | undefined {
  return resource && file && { resource, file };
}

/** Does something with the file of an instance, wherever that is by now. */
type WithFile = <T>(use: (file: AttachmentInfo) => Promise<T>) => Promise<T>;

/** What a peer has agreed to beforehand. */
const agreedUpon = [Metadata.SopClassUid, Metadata.TransferSyntax];

/**
 * Where the file was moved or replaced since the index was asked, it is used as the one that is there now: unless the peer was told
 * something else of it.
 * @param moved told so
 */
function withPresentFile({ index }: OutgoingDependencies, { resource, file }: Stored, moved = () => {}): WithFile {
  let present = file;
  return async (use) => {
    try {
      return await use(present);
    } catch (error) {
      const now = storedOf(knownOf(await index.get(resource.id, fields)));
      if (!now || now.file.uuid === present.uuid) throw error;
      moved();
      if (agreedUpon.some((type) => metadataOf(now.resource, type) !== metadataOf(resource, type))) {
        throw new InstanceReplaced(resource.id);
      }
      present = now.file;
      return use(present);
    }
  };
}

/** The content of a file, lent. */
type LendFile = (file: AttachmentInfo) => Promise<LentBlob | AsyncIterable<Uint8Array>>;

/** A stored instance as it is sent. undefined: it is not there any more. */
export async function outgoingInstance(
  deps: OutgoingDependencies,
  id: OrthancId,
): Promise<OutgoingInstance | undefined> {
  const stored = storedOf(knownOf(await deps.index.get(id, fields)));
  return stored && outgoingOf(deps, stored, withPresentFile(deps, stored), async (file) => deps.reader.lend(file));
}

/**
 * Sends an instance; one that was replaced by another one before anything of it was sent is prepared again, once.
 * @param find as `OutgoingSequence.find`
 * @returns undefined: it is not there any more
 */
export async function sendPresent<T>(
  find: OutgoingSequence['find'],
  id: OrthancId,
  send: (instance: OutgoingInstance) => Promise<T>,
): Promise<T | undefined> {
  const instance = await find(id);
  if (!instance) return undefined;
  try {
    return await send(instance);
  } catch (error) {
    if (!(error instanceof InstanceReplaced)) throw error;
  }
  const present = await find(id);
  return present && send(present);
}

/** What is sent of these instances, in this order: the index is asked for many at once, and their files are read ahead. */
export function outgoingSequence(deps: OutgoingDependencies, ids: readonly OrthancId[]): OutgoingSequence {
  const positions = new Map(ids.map((id, position) => [id, position]));
  const files = deps.reader.sequence();
  let first = 0;
  let known: readonly Known[] = [];
  let since = Number.NEGATIVE_INFINITY;

  const isKnown = (position: number): boolean =>
    position >= first &&
    Math.min(position + filesAhead, ids.length - 1) < first + known.length &&
    performance.now() - since < staleAfter;

  const learn = async (position: number): Promise<void> => {
    const wanted = ids.slice(position, position + batch);
    const found = await deps.index.getAll(wanted, fields);
    first = position;
    known = wanted.map((id) => knownOf(found.get(id)));
    since = performance.now();
  };

  const filesAfter = (at: number): readonly AttachmentInfo[] =>
    known.slice(at + 1, at + 1 + filesAhead).flatMap(({ file }) => file ?? []);

  const lend = async (file: AttachmentInfo, following: readonly AttachmentInfo[]) =>
    (await files.read(file, following)) ?? deps.reader.lend(file);

  /** So may others be. */
  const forget = (): void => {
    since = Number.NEGATIVE_INFINITY;
  };

  return {
    close: files.close,
    async find(id) {
      const position = positions.get(id);
      if (position === undefined) return outgoingInstance(deps, id);
      if (!isKnown(position)) await learn(position);
      const at = position - first;
      const stored = storedOf(known[at] ?? {});
      if (!stored) return undefined;
      const following = (file: AttachmentInfo) => (file === stored.file ? filesAfter(at) : []);
      return outgoingOf(deps, stored, withPresentFile(deps, stored, forget), (file) => lend(file, following(file)));
    },
  };
}

async function outgoingOf(
  deps: OutgoingDependencies,
  { resource, file }: Stored,
  withFile: WithFile,
  lend: LendFile,
): Promise<OutgoingInstance | undefined> {
  const { reader } = deps;
  const content = {
    length: file.uncompressedSize,
    async *open(): AsyncGenerator<Uint8Array> {
      yield* await withFile((present) => {
        // Whoever sends all of it has told `length` already.
        if (present.uncompressedSize !== file.uncompressedSize) throw new InstanceReplaced(resource.id);
        return begun(reader.stream(present));
      });
    },
    lendDataSet: () =>
      withFile(async (present) => (await dataSetOf(await lend(present))) ?? begun(dataSetBytes(reader.lend(present)))),
    transcode: transcodeOf(deps, withFile),
  };
  const sopClassUid = metadataOf(resource, Metadata.SopClassUid);
  const sopInstanceUid = resource.tags[sopInstanceUidKey];
  const transferSyntax = metadataOf(resource, Metadata.TransferSyntax);
  if (sopClassUid && sopInstanceUid && transferSyntax) {
    return { sopClassUid, sopInstanceUid, transferSyntax, ...content };
  }
  const header = await reader.header(resource.id);
  return (
    header && {
      sopClassUid: header.dataSet.text(Tag.SOPClassUID) ?? '',
      sopInstanceUid: header.dataSet.text(Tag.SOPInstanceUID) ?? '',
      transferSyntax: header.transferSyntax,
      ...content,
    }
  );
}

/** undefined: the meta header has to be put together. */
async function dataSetOf(
  file: LentBlob | AsyncIterable<Uint8Array>,
): Promise<LentBlob | AsyncIterable<Uint8Array> | undefined> {
  if (!('giveBack' in file)) return begun(dataSetBytes(file));
  const pieces = dataSetPieces(file.pieces);
  if (pieces) return { pieces, giveBack: file.giveBack };
  file.giveBack();
  return undefined;
}

function transcodeOf({ transcoder }: OutgoingDependencies, withFile: WithFile): OutgoingInstance['transcode'] {
  if (!transcoder) return undefined;
  return (syntaxes) =>
    withFile(async (file) => {
      const { stream, ...written } = await transcoder.attachment(file, { syntaxes, lossy: 'new-identifier' });
      return { ...written, open: stream };
    });
}
