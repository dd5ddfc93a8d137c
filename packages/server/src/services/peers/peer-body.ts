// A stored instance as it goes to a peer: as it is, in another transfer syntax, compressed by gzip.
import { dataSetBytes, encodeFileMeta, isReencodable, reencode } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { OutgoingInstance, PeerBody } from '../../ports/index.ts';
import { gzipBody, inPieces } from './gzip-body.ts';

type FileBody = Pick<PeerBody, 'length' | 'open'>;

export interface PeerBodyOptions {
  /** Files go compressed by gzip. */
  readonly compress: boolean;
  /** Transfer syntax in which the peer is to have the instances. */
  readonly transcode?: string;
}

const mime = 'application/dicom';

/** @throws PharosError NotImplemented where pixels would have to be decoded or encoded; DicomError where the file cannot be read */
async function fileOf(instance: OutgoingInstance, target: string | undefined): Promise<FileBody> {
  const { transferSyntax, length, open } = instance;
  if (target === undefined || target === transferSyntax) return { length, open };
  if (!isReencodable(transferSyntax) || !isReencodable(target)) {
    const details = `Images in ${transferSyntax} are not transcoded to ${target} yet: leave "Transcode" out to send them as they are stored`;
    throw new PharosError('NotImplemented', details);
  }
  const meta = encodeFileMeta({ ...instance, transferSyntax: target });
  const dataSet = await reencode(dataSetBytes(open()), transferSyntax, target);
  return { length: meta.length + dataSet.length, open: () => inPieces([meta, dataSet]) };
}

/** @throws PharosError NotImplemented; DicomError where the file cannot be read */
export async function peerBody(instance: OutgoingInstance, options: PeerBodyOptions): Promise<PeerBody> {
  const file = await fileOf(instance, options.transcode);
  if (!options.compress) return { ...file, mime };
  return { ...(await gzipBody(file.open)), mime, isGzip: true };
}
