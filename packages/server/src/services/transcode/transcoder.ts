// Stored instances in another transfer syntax: as they are where that will do, else written anew, pixels decoded and encoded by threads.
import {
  bytesOfFrame,
  CodecError,
  type EncodedFrame,
  type ImageWorkers,
  isNativeSyntax,
  lossyMethodOf,
} from '@pharos/codecs';
import {
  type DataSet,
  DicomError,
  editDataSet,
  generateUid,
  type ParsedFile,
  Tag,
  transferSyntaxOf,
} from '@pharos/dicom';
import { Attachment, type AttachmentInfo, PharosError, type Settings } from '../../model/index.ts';
import type { IndexStore, Metrics } from '../../ports/index.ts';
import { createByteCache, showCache } from '../read/index.ts';
import type { InstanceFile, InstanceReader, OpenedInstance, TranscodeRequest, Transcoder } from '../services.ts';
import { type ImageSource, openImage } from './image-source.ts';
import { lossyDerivation } from './lossy-derivation.ts';
import { possibleTargets, type Target } from './target.ts';
import {
  copiedFile,
  rewrittenFile,
  streamedFile,
  type TranscodedImage,
  type WrittenFile,
  wholeFile,
  withoutEncodingTags,
} from './transcoded-file.ts';

export interface TranscoderDependencies {
  readonly index: Pick<IndexStore, 'get'>;
  readonly reader: Pick<InstanceReader, 'stream' | 'open'>;
  readonly images: ImageWorkers;
  readonly settings: Pick<Settings, 'DicomLossyTranscodingQuality' | 'TranscoderCacheSize'>;
  readonly metrics: Pick<Metrics, 'add' | 'gauge'>;
}

const mebibyte = 1024 * 1024;
/** Images of more bytes than this are written while they are sent, frame by frame. */
const wholeBytes = 64 * mebibyte;
/** The same where nobody will ask again: many may be under way for slow clients, as in archives. */
const onceBytes = 16 * mebibyte;
const pixelDataTag = 0x7fe00010;
/** Of an element whose length is told (PS3.5 7.1.1): even, and not the one that stands for none. */
const longestValue = 0xfffffffe;

export function createTranscoder({ index, reader, images, settings, metrics }: TranscoderDependencies): Transcoder {
  const made = createByteCache<WrittenFile>(settings.TranscoderCacheSize * mebibyte);
  showCache(metrics, 'transcoder', made);
  const underWay = new Map<string, Promise<WrittenFile>>();
  const qualityOf = ({ quality }: TranscodeRequest): number => quality ?? settings.DicomLossyTranscodingQuality;

  const write = async (opened: OpenedInstance, target: Target, request: TranscodeRequest): Promise<WrittenFile> => {
    const { file } = opened;
    if (!file.pixelData) {
      const dataSet = await editedDataSet(opened, request);
      return rewrittenFile(dataSet, identityOf(dataSet), target.uid);
    }
    const isNative = !isEncapsulated(target.uid) && !isEncapsulated(file.transferSyntax);
    if (isNative && file.pixelData.length <= wholeBytes) return rewriteNative(opened, target.uid, request);
    if (file.pixelData.tag !== pixelDataTag)
      throw new CodecError('Unsupported', 'The pixels are floating point numbers');
    return writeImage(opened, openImage(images, opened.pixels), target, request);
  };

  const writeImage = async (
    opened: OpenedInstance,
    source: ImageSource,
    target: Target,
    request: TranscodeRequest,
  ): Promise<WrittenFile> => {
    const { format } = source;
    const quality = qualityOf(request);
    const isWhole =
      source.frames * bytesOfFrame(format) <= (request.isOnce ? onceBytes : wholeBytes) || isDeflated(target.uid);
    const frames: EncodedFrame[] = [];
    if (isWhole) for await (const frame of source.all(target.uid, quality)) frames.push(frame);
    const first = frames[0] ?? (await source.frame(0, target.uid, quality));
    if (!isEncapsulated(target.uid) && first.bytes.byteLength * source.frames > longestValue) {
      throw new CodecError('Unsupported', 'Pixels of more than 4 GB do not fit into a file without compression');
    }
    const dataSet = await editedDataSet(opened, request);
    const identity = identityOf(dataSet);
    const newSopInstanceUid = target.isLossy && request.lossy === 'new-identifier' ? generateUid() : undefined;
    const image: TranscodedImage = {
      dataSet,
      former: format,
      ...identity,
      sopInstanceUid: newSopInstanceUid ?? identity.sopInstanceUid,
      transferSyntax: target.uid,
      frames: source.frames,
      first,
      changes: target.isLossy
        ? lossyDerivation(dataSet, {
            method: lossyMethodOf(target.uid) ?? '',
            ratio: bytesOfFrame(format) / first.bytes.byteLength,
            newSopInstanceUid,
          })
        : [],
    };
    return isWhole
      ? wholeFile(image, frames)
      : streamedFile(image, () => tellingErrors(source.all(target.uid, quality)));
  };

  const convert = async (opened: OpenedInstance, request: TranscodeRequest): Promise<WrittenFile> => {
    const targets = possibleTargets(opened.file, request);
    let refusal: unknown;
    for (const target of targets) {
      try {
        return await write(opened, target, request);
      } catch (error) {
        if (!(error instanceof CodecError) || error.code !== 'Unsupported') throw told(error);
        refusal = error;
      }
    }
    throw cannotWrite(opened.file, request, refusal);
  };

  const ofAttachment = async (attachment: AttachmentInfo, request: TranscodeRequest): Promise<InstanceFile> => {
    const opened = await reader.open(attachment);
    const { transferSyntax, dataSet } = opened.file;
    if (request.edit?.pixels) return withoutPixels(opened, request);
    if (request.syntaxes.includes(transferSyntax)) {
      if (request.edit) return copied(opened, request);
      const stream = (): AsyncIterable<Uint8Array> => reader.stream(attachment);
      return { ...identityOf(dataSet), transferSyntax, length: attachment.uncompressedSize, stream };
    }
    if (request.edit) return convert(opened, request);
    const key = `${attachment.uuid} ${request.syntaxes.join(' ')} ${request.lossy} ${qualityOf(request)}`;
    const kept = made.get(key) ?? underWay.get(key);
    metrics.add(`orthanc_transcoder_cache_${kept ? 'hit' : 'miss'}_count`, 1);
    if (kept) return kept;
    const making = convert(opened, request).finally(() => underWay.delete(key));
    underWay.set(key, making);
    const file = await making;
    if (file.heldBytes > 0 && !request.isOnce) made.set(key, file, file.heldBytes);
    return file;
  };

  return {
    attachment: ofAttachment,
    async stored(id, request) {
      const resource = await index.get(id, { attachments: true });
      if (resource?.level !== 'Instance') return undefined;
      const attachment = resource.attachments.find(({ type }) => type === Attachment.dicom);
      return attachment && ofAttachment(attachment, request);
    },
  };
}

const isEncapsulated = (uid: string): boolean => transferSyntaxOf(uid)?.encapsulated === true;
const isDeflated = (uid: string): boolean => transferSyntaxOf(uid)?.deflated === true;

const identityOf = (dataSet: DataSet) => ({
  sopClassUid: dataSet.text(Tag.SOPClassUID) ?? '',
  sopInstanceUid: dataSet.text(Tag.SOPInstanceUID) ?? '',
});

/** All but Pixel Data. */
async function editedDataSet({ whole }: OpenedInstance, { edit }: TranscodeRequest): Promise<DataSet> {
  const { dataSet } = await whole('absent');
  return edit ? edit.apply(dataSet) : dataSet;
}

/**
 * What the edit makes of the data set, without the pixels of the file.
 * @throws PharosError BadRequest where the pixels it gives would have to be compressed
 */
async function withoutPixels(opened: OpenedInstance, request: TranscodeRequest): Promise<WrittenFile> {
  const uid = request.syntaxes.find((syntax) => isNativeSyntax(syntax)) ?? opened.file.transferSyntax;
  if (request.edit?.pixels === 'replaced' && isEncapsulated(uid)) {
    const hint = 'ask for a transfer syntax without compression with "Transcode"';
    throw new PharosError('BadRequest', `The pixels of a compressed instance cannot be replaced: ${hint}`);
  }
  const dataSet = await editedDataSet(opened, request);
  return rewrittenFile(withoutEncodingTags(dataSet), identityOf(dataSet), uid);
}

/** The samples stay, the encoding of the data set changes. */
async function rewriteNative(opened: OpenedInstance, uid: string, request: TranscodeRequest): Promise<WrittenFile> {
  const dataSet = await editedDataSet(opened, request);
  const { pixelData } = opened.file;
  const [value] = (await opened.pixels.fragments?.()) ?? [];
  if (!pixelData || !value) return rewrittenFile(dataSet, identityOf(dataSet), uid);
  const { tag, vr } = pixelData;
  const withPixels = editDataSet(dataSet, [{ tag, vr, value: await value.read() }]);
  return rewrittenFile(withPixels, identityOf(dataSet), uid);
}

/** The pixels stay as they are stored. */
async function copied(opened: OpenedInstance, request: TranscodeRequest): Promise<WrittenFile> {
  const { file, pixels } = opened;
  const { transferSyntax, pixelData } = file;
  if (isDeflated(transferSyntax) || (pixelData && pixelData.tag !== pixelDataTag)) {
    return rewriteNative(opened, transferSyntax, request);
  }
  const dataSet = await editedDataSet(opened, request);
  const spans = await pixels.fragments?.();
  if (!pixelData || !spans) return rewrittenFile(dataSet, identityOf(dataSet), transferSyntax);
  return copiedFile(dataSet, identityOf(dataSet), transferSyntax, { vr: pixelData.vr === 'OW' ? 'OW' : 'OB', spans });
}

function cannotWrite({ transferSyntax }: ParsedFile, { syntaxes }: TranscodeRequest, cause: unknown): PharosError {
  const reason = cause instanceof CodecError ? ` (${cause.message})` : '';
  return new PharosError('NotImplemented', {
    details: `Cannot transcode from ${transferSyntax} to ${syntaxes.join(' or ')}${reason}`,
    cause,
  });
}

async function* tellingErrors(frames: AsyncIterable<EncodedFrame>): AsyncGenerator<EncodedFrame> {
  try {
    yield* frames;
  } catch (error) {
    throw told(error);
  }
}

/** What a client is told of a file whose pixels cannot be read. */
function told(error: unknown): unknown {
  if (error instanceof CodecError) return new PharosError('BadFileFormat', { details: error.message, cause: error });
  if (error instanceof DicomError) return new PharosError('BadFileFormat', { details: error.message, cause: error });
  return error;
}
