// What a DICOM server needs, without a store behind it: instances that arrive are kept in memory and judged as the ingest does.
import { inflateRawSync } from 'node:zlib';
import { parsePart10, standardDictionary, Tag } from '@pharos/dicom';
import type { DicomServerServices } from '../../server/src/dicom-scp/index.ts';
import { createMainDicomTagRegistry, type Origin, PharosError, resourceIds } from '../../server/src/model/index.ts';
import type { ExpectedInstance, Intake, LiveSettings, Modality } from '../../server/src/services/index.ts';

export interface ReceivedInstance {
  readonly origin: Origin;
  readonly bytes: Uint8Array;
}

export interface DicomServerFixture {
  readonly services: DicomServerServices;
  readonly received: ReceivedInstance[];
  /** Lines that were logged. */
  readonly lines: string[];
}

export interface DicomServerFixtureOptions {
  readonly settings?: Partial<DicomServerServices['settings']>;
  readonly modalities?: Readonly<Record<string, Modality>>;
  readonly live?: Partial<LiveSettings>;
  /** Told of every instance before it counts as stored; may throw. */
  readonly store?: (instance: ReceivedInstance) => Promise<void>;
  /** What queries find; nothing unless given. */
  readonly query?: Partial<Pick<DicomServerServices, 'index' | 'reader' | 'mainTags'>>;
  /** What storage commitment works with; it fails unless given. */
  readonly commitment?: Partial<Pick<DicomServerServices, 'jobs' | 'commitments'>>;
}

/** Orthanc's defaults. */
const settings: DicomServerServices['settings'] = {
  DicomAet: 'PHAROS',
  DicomCheckCalledAet: false,
  StrictAetComparison: false,
  DicomCheckModalityHost: false,
  DicomAlwaysAllowEcho: true,
  DicomAlwaysAllowFind: false,
  DicomAlwaysAllowFindWorklist: false,
  DicomAlwaysAllowGet: false,
  DicomAlwaysAllowMove: false,
  DicomAlwaysAllowStore: true,
  MaximumPduLength: 16384,
  DicomScpTimeout: 30,
  DicomPort: 0,
  CaseSensitivePN: false,
  LimitFindResults: 0,
  LimitFindInstances: 0,
  StorageAccessOnFind: 'Always',
  DicomScuTimeout: 10,
  SynchronousCMove: true,
  LogExportedResources: false,
  TranscodeDicomProtocol: true,
};

/** An index without a resource. */
const emptyIndex: DicomServerServices['index'] = {
  get: async () => undefined,
  setMd5: async () => {},
  getAll: async () => new Map(),
  async *find() {},
  count: async () => 0,
  counts: async () => ({ patients: 0, studies: 0, series: 0, instances: 0 }),
  valuesBelow: async () => [],
  valuesBelowEach: async () => new Map(),
  logExport: async () => undefined,
};

const live: LiveSettings = {
  defaultEncoding: () => 'Latin1',
  fallbackCharset: () => 'ISO_IR 100',
  setDefaultEncoding() {},
  acceptedTransferSyntaxes: () => ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'],
  isTransferSyntaxAccepted: (uid) => uid.startsWith('1.2.840.10008.1.2'),
  setAcceptedTransferSyntaxes() {},
  acceptedSopClasses: () => [],
  isSopClassAccepted: (uid) => uid.startsWith('1.2.840.10008.5.1.4.1.1.'),
  unknownSopClassAccepted: () => false,
  setUnknownSopClassAccepted() {},
};

export function createDicomServerFixture(options: DicomServerFixtureOptions = {}): DicomServerFixture {
  const received: ReceivedInstance[] = [];
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  const logger = { error: write, warn: write, info: write, trace: write };
  const begin = (origin: Origin, expect?: ExpectedInstance): Intake => {
    const chunks: Uint8Array[] = [];
    return {
      push: (chunk) => void chunks.push(chunk),
      async finish() {
        const instance = { origin, bytes: Buffer.concat(chunks) };
        judge(instance.bytes, expect);
        await options.store?.(instance);
        received.push(instance);
        return {
          status: 'Success',
          ids: resourceIds({ patientId: '', studyInstanceUid: '', seriesInstanceUid: '', sopInstanceUid: '' }),
        };
      },
      abort: async () => {},
    };
  };
  const modalities = options.modalities ?? {};
  return {
    received,
    lines,
    services: {
      settings: { ...settings, ...options.settings },
      live: { ...live, ...options.live },
      ingest: { begin },
      modalities: { names: () => Object.keys(modalities), get: (name) => modalities[name] },
      index: emptyIndex,
      reader: {
        header: async () => undefined,
        async *stream() {},
        async *lend() {},
        sequence: () => ({ read: async () => undefined, close() {} }),
      },
      transcoder: { attachment: () => Promise.reject(new Error('no transcoding here')) },
      blobs: { async *stream() {} },
      clock: { now: () => new Date() },
      metrics: { observe: () => undefined },
      jobs: { submit: () => Promise.reject(new Error('no jobs here')) },
      network: {
        openStore: () => {
          throw new Error('no network here');
        },
        eventReport: () => Promise.reject(new Error('no network here')),
      },
      requestCommitment: () => Promise.reject(new Error('no network here')),
      commitments: { take: () => undefined },
      mainTags: createMainDicomTagRegistry(),
      dictionary: standardDictionary,
      ...options.query,
      ...options.commitment,
      log: { of: () => logger, level: () => 'default', setLevel() {} },
    },
  };
}

function judge(bytes: Uint8Array, expect: ExpectedInstance | undefined): void {
  if (!expect) return;
  const { dataSet } = parsePart10(bytes, {
    inflateRaw: (deflated, maxOutputLength) => inflateRawSync(deflated, { maxOutputLength }),
  });
  const sopClassUid = dataSet.text(Tag.SOPClassUID);
  const sopInstanceUid = dataSet.text(Tag.SOPInstanceUID);
  if (!sopClassUid || !sopInstanceUid) throw new PharosError('NoSopClassOrInstance');
  if (sopClassUid !== expect.sopClassUid || sopInstanceUid !== expect.sopInstanceUid)
    throw new PharosError('SopMismatch');
}

/** A modality with every permission. */
export function modalityNamed(aet: string, change: Partial<Modality> = {}): Modality {
  return {
    aet,
    host: '127.0.0.1',
    port: 104,
    manufacturer: 'Generic',
    allow: {
      Echo: true,
      Find: true,
      FindWorklist: true,
      Get: true,
      Move: true,
      Store: true,
      NAction: true,
      EventReport: true,
      Transcoding: true,
    },
    useDicomTls: false,
    localAet: '',
    timeout: 0,
    retrieveMethod: 'SystemDefault',
    ...change,
  };
}
