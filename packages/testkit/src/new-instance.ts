// Rows for an index, made up: patient 1 has studies 1.1, 1.2 ..., these have series 1.1.1 ..., these instances 1.1.1.1 ...
import { createHash } from 'node:crypto';
import {
  Attachment,
  type AttachmentInfo,
  type HashedAttachment,
  Metadata,
  resourceIds,
} from '../../server/src/model/index.ts';
import type { NewInstance } from '../../server/src/ports/index.ts';

export interface NewInstanceOptions {
  readonly patient?: number;
  readonly study?: number;
  readonly series?: number;
  readonly instance?: number;
  readonly receivedAt?: string;
  readonly overwrite?: NewInstance['overwrite'];
  /** Makes the file another one: with other content the MD5 differs. */
  readonly content?: string;
  readonly bytes?: number;
  readonly tags?: Partial<NewInstance['tags']>;
  readonly metadata?: Partial<NewInstance['metadata']>;
  readonly attachments?: readonly AttachmentInfo[];
}

/** The same UUID for the same text. */
export function uuidOf(text: string): string {
  const hex = createHash('md5').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function attachmentOf(type: number, content: string, bytes = 1_000): HashedAttachment {
  const md5 = createHash('md5').update(content).digest('hex');
  return {
    type,
    uuid: uuidOf(`${type} ${content}`),
    compression: 'none',
    uncompressedSize: bytes,
    compressedSize: bytes,
    uncompressedMd5: md5,
    compressedMd5: md5,
    revision: 0,
  };
}

export function newInstance(options: NewInstanceOptions = {}): NewInstance {
  const { patient = 1, study = 1, series = 1, instance = 1, receivedAt = '20260101T120000' } = options;
  const uids = {
    patientId: `P${patient}`,
    studyInstanceUid: `1.2.${patient}.${study}`,
    seriesInstanceUid: `1.2.${patient}.${study}.${series}`,
    sopInstanceUid: `1.2.${patient}.${study}.${series}.${instance}`,
  };
  const content = options.content ?? `file of ${uids.sopInstanceUid}`;
  return {
    ids: resourceIds(uids),
    tags: {
      Patient: { '0010,0020': uids.patientId, '0010,0010': `Name^${patient}`, ...options.tags?.Patient },
      Study: { '0020,000d': uids.studyInstanceUid, '0008,0020': `2020010${study}`, ...options.tags?.Study },
      Series: { '0020,000e': uids.seriesInstanceUid, '0008,0060': 'CT', ...options.tags?.Series },
      Instance: { '0008,0018': uids.sopInstanceUid, '0020,0013': String(instance), ...options.tags?.Instance },
    },
    metadata: {
      Patient: {},
      Study: {},
      Series: { [Metadata.RemoteAET]: 'SCANNER', ...options.metadata?.Series },
      Instance: {
        [Metadata.IndexInSeries]: String(instance),
        [Metadata.TransferSyntax]: '1.2.840.10008.1.2.1',
        ...options.metadata?.Instance,
      },
    },
    attachments: options.attachments ?? [attachmentOf(Attachment.dicom, content, options.bytes)],
    receivedAt,
    overwrite: options.overwrite ?? 'Never',
  };
}
