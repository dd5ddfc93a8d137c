// IngestTranscoding: what comes in is kept in another transfer syntax where it can be written so, else as it came.
import { isNativeSyntax } from '@pharos/codecs';
import { transferSyntaxOf } from '@pharos/dicom';
import { Attachment, type AttachmentInfo, PharosError, type Settings } from '../../model/index.ts';
import type { Logger } from '../../ports/index.ts';
import type { AttachmentWriter, Transcoder } from '../services.ts';

export interface IngestTranscodingDependencies {
  readonly transcoder: Pick<Transcoder, 'attachment'>;
  readonly attachmentWriter: AttachmentWriter;
  readonly settings: Pick<
    Settings,
    'IngestTranscoding' | 'IngestTranscodingOfCompressed' | 'IngestTranscodingOfUncompressed'
  >;
  readonly log: Logger;
}

type File = Omit<AttachmentInfo, 'revision'>;

/** A second file, in the store but not indexed. undefined: the first one is to be kept. */
export type IngestTranscoding = (stored: File, transferSyntax: string) => Promise<File | undefined>;

/** undefined where nothing is transcoded. @throws PharosError ParameterOutOfRange where the setting is no transfer syntax */
export function createIngestTranscoding(deps: IngestTranscodingDependencies): IngestTranscoding | undefined {
  const { transcoder, attachmentWriter, settings, log } = deps;
  const target = settings.IngestTranscoding;
  if (!target) return undefined;
  if (!transferSyntaxOf(target)) {
    throw new PharosError('ParameterOutOfRange', `"IngestTranscoding" is no transfer syntax: ${target}`);
  }
  const isWanted = (transferSyntax: string): boolean =>
    transferSyntax !== target &&
    (isNativeSyntax(transferSyntax)
      ? settings.IngestTranscodingOfUncompressed
      : settings.IngestTranscodingOfCompressed);

  const write = async (stored: File): Promise<File> => {
    const request = { syntaxes: [target], lossy: 'same-identifier', isOnce: true } as const;
    const file = await transcoder.attachment({ ...stored, revision: 0 }, request);
    const intake = attachmentWriter.begin(Attachment.dicom);
    try {
      for await (const piece of file.stream()) await intake.push(piece);
      return await intake.finish();
    } catch (error) {
      await intake.abort();
      throw error;
    }
  };

  return async (stored, transferSyntax) => {
    if (!isWanted(transferSyntax)) return undefined;
    try {
      return await write(stored);
    } catch (error) {
      const isOfFile = error instanceof PharosError && ['NotImplemented', 'BadFileFormat'].includes(error.code);
      if (!isOfFile) throw error;
      log.warn(`An instance is kept in ${transferSyntax}, as it came: ${error.message}`);
      return undefined;
    }
  };
}
