// What REST routes, DICOM services and plug-ins are given. Made once, in the composition root (app).
import type { ImageWorkers, PictureType, View } from '@pharos/codecs';
import type { DataSet, Dictionary, ParsedFile } from '@pharos/dicom';
import type {
  AttachmentInfo,
  AttachmentRegistry,
  AttachmentType,
  Compression,
  Level,
  MainDicomTagRegistry,
  NumberRegistry,
  Origin,
  OrthancId,
  ResourceIds,
  Settings,
} from '../model/index.ts';
import type {
  BlobStore,
  ByteRange,
  Clock,
  Filters,
  IndexStore,
  LentBlob,
  Log,
  MetadataValues,
  Metrics,
  ModalityNetwork,
  PeerNetwork,
  RemoteModality,
  RemotePeer,
} from '../ports/index.ts';
import type { Compressor } from '../zip/index.ts';
import type { ArchiveRoom } from './archive/index.ts';
import type { CommitmentReference, CommitmentReports } from './commitment/index.ts';
import type { Jobs } from './jobs/index.ts';
import type { MoveArrivals, RemoteQueries } from './query/index.ts';
import type { UploadFolders } from './webdav/index.ts';
import type { Worklists } from './worklists/index.ts';

export type StoreStatus = 'Success' | 'AlreadyStored' | 'FilteredOut';

export interface StoreResult {
  readonly status: StoreStatus;
  readonly ids: ResourceIds;
  /** Where a filter has chosen what the sender of a C-STORE is answered. */
  readonly dimseStatus?: number;
}

/** One instance on its way in: its bytes are pushed as they come. */
export interface Intake {
  /** Takes bytes, which nobody may change afterwards. A promise is back-pressure. */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** The file is complete: resolves when it is durable and indexed.
   * @throws PharosError BadFileFormat (not DICOM), InexistentTag (no UID), FullStorage */
  finish(): Promise<StoreResult>;
  /** The source failed; nothing stays. Never throws. */
  abort(): Promise<void>;
}

/** What the sender announced apart from the file: Affected SOP Class and Instance UID of a C-STORE request (PS3.7 9.3.1). */
export interface ExpectedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

export interface IntakeOptions {
  /** Beside what is known of any instance that arrives. */
  readonly metadata?: Readonly<Partial<Record<Level, MetadataValues>>>;
  /** It stays in its transfer syntax, whatever IngestTranscoding says. */
  readonly keepsSyntax?: boolean;
}

export interface Ingest {
  /** Begins a Part 10 file (with or without preamble and meta header). With `expect`, `finish` of the intake throws PharosError
   * NoSopClassOrInstance where the data set lacks SOPClassUID or SOPInstanceUID, SopMismatch where one differs; nothing stays then. */
  begin(origin: Origin, expect?: ExpectedInstance, options?: IntakeOptions): Intake;
  /** Resolves when nothing is in flight. */
  drain(): Promise<void>;
}

export interface Modality {
  readonly aet: string;
  readonly host: string;
  readonly port: number;
  readonly manufacturer: Manufacturer;
  readonly allow: Readonly<
    Record<
      'Echo' | 'Find' | 'FindWorklist' | 'Get' | 'Move' | 'Store' | 'NAction' | 'EventReport' | 'Transcoding',
      boolean
    >
  >;
  readonly useDicomTls: boolean;
  readonly localAet: string;
  readonly timeout: number;
  readonly retrieveMethod: 'SystemDefault' | 'C-MOVE' | 'C-GET';
}

/** Makes the blob of an attachment: hashed and compressed as the settings say, durable but neither published nor indexed. */
export interface AttachmentWriter {
  begin(type: AttachmentType, compression?: Compression): AttachmentIntake;
}

export interface AttachmentIntake {
  /** Takes bytes, which nobody may change afterwards. A promise is back-pressure. */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** The row to index; then `blobs.publish([uuid])`. */
  finish(): Promise<Omit<AttachmentInfo, 'revision'>>;
  /** Never throws. */
  abort(): Promise<void>;
}

/** Some bytes of a stored instance. */
export interface ByteSpan {
  readonly length: number;
  read(): Promise<Uint8Array>;
  stream(): AsyncIterable<Uint8Array>;
  /** As stream, cheaper, where there is such a way: each piece is there only until the next one is asked for. */
  lend?(): AsyncIterable<Uint8Array>;
}

/** The pixel data of an instance as it is stored: nothing is decoded, values of two bytes are little endian. */
export interface InstancePixels {
  /** Another one where the file is another one. */
  readonly key: string;
  readonly file: ParsedFile;
  /** MIME type of a frame. */
  readonly mime: string;
  /** Encapsulated: the offset table, then the fragments. Native: one span. undefined: no pixel data. */
  readonly fragments: (() => Promise<readonly ByteSpan[]>) | undefined;
  /** @param number from 0. @throws PharosError ParameterOutOfRange, BadRequest (no pixel data), BadFileFormat */
  frame(number: number): Promise<ByteSpan>;
}

/** What stands for Pixel Data where its value is not read: an empty value, no element at all, or this value. */
export type PixelSubstitute = 'empty' | 'absent' | Uint8Array;

/** A DICOM file in the store whose header is read. */
export interface OpenedInstance {
  readonly file: ParsedFile;
  readonly pixels: InstancePixels;
  /** As `InstanceReader.whole`. */
  whole(pixels?: PixelSubstitute): Promise<ParsedFile>;
}

/** Reads what is stored. */
export interface InstanceReader {
  /** A file by its attachment, also before that is indexed. @throws PharosError BadFileFormat */
  open(attachment: AttachmentInfo): Promise<OpenedInstance>;
  /** Header of a stored instance, up to Pixel Data; recently used ones are cached within a bound. undefined: no such instance. */
  header(id: OrthancId): Promise<ParsedFile | undefined>;
  /** The same to the end of the data set: Pixel Data with `pixels` for a value ('empty' unless given), and the tags after it. */
  whole(id: OrthancId, pixels?: PixelSubstitute): Promise<ParsedFile | undefined>;
  pixels(id: OrthancId): Promise<InstancePixels | undefined>;
  /** Bytes that `make` makes of the header; recently made ones are cached within a bound, by `name`. undefined: no such instance. */
  derived(id: OrthancId, name: string, make: (header: ParsedFile) => Uint8Array): Promise<Uint8Array | undefined>;
  /** Content of an attachment, uncompressed; a range counts in uncompressed bytes. */
  content(attachment: AttachmentInfo, range?: ByteRange): Promise<Uint8Array>;
  stream(attachment: AttachmentInfo, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** As stream, cheaper: each piece is there only until the next one is asked for. */
  lend(attachment: AttachmentInfo, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** For attachments that are wanted one after the other. */
  sequence(): AttachmentSequence;
}

/** Attachments that one reader wants one after the other. */
export interface AttachmentSequence {
  /** The whole content; see `BlobSequence.read`. undefined: it is too large for that, or compressed; `lend` is for it.
   * @throws PharosError InexistentFile, CorruptedFile */
  read(attachment: AttachmentInfo, following: readonly AttachmentInfo[]): Promise<LentBlob | undefined>;
  /** Nothing more will be asked for; what is lent stays until it is given back. */
  close(): void;
}

/** A whole DICOM file (PS3.10 7), stored or made for this purpose. */
export interface InstanceFile {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  /** Bytes; undefined where only reading tells. */
  readonly length: number | undefined;
  /** May be called again: nothing is used up. */
  stream(): AsyncIterable<Uint8Array>;
}

export interface PictureOptions {
  readonly view: View;
  readonly type: PictureType;
  /** 1 to 100, for JPEG and WebP. */
  readonly quality: number;
}

/** Something that is made of bytes that do not change: `tag` is another one where it would be. */
export interface Rendered {
  readonly tag: string;
  /** @param isAbandoned whether nobody waits for it any more: it is not begun then. @throws PharosError CanceledJob in that case */
  bytes(isAbandoned?: () => boolean): Promise<Uint8Array>;
}

/** Values of frames for NumPy, in its own format. */
export interface FrameArray {
  readonly length: number;
  stream(): AsyncIterable<Uint8Array>;
}

/** Stored images as pictures and numbers. undefined: there is no such instance or series.
 * All throw PharosError: ParameterOutOfRange (no such frame), NotImplemented (no pixels, damaged, not decoded, not shown so),
 * BadFileFormat (its frames cannot be told), NotEnoughMemory (too large) */
export interface Renderer {
  /** @param frame from 0 */
  picture(id: OrthancId, frame: number, options: PictureOptions): Promise<Rendered | undefined>;
  matlab(id: OrthancId, frame: number): Promise<Uint8Array | undefined>;
  /** The samples of a frame, little endian, as they are when nothing is compressed. */
  samples(id: OrthancId, frame: number): Promise<Uint8Array | undefined>;
  /** Rows, columns, channels. */
  frameArray(id: OrthancId, frame: number, isRescaled: boolean): Promise<FrameArray | undefined>;
  /** Frames, rows, columns, channels: one instance after the other. @throws PharosError also IncompatibleImageSize, -Format */
  array(ids: readonly OrthancId[], isRescaled: boolean): Promise<FrameArray | undefined>;
}

/** A change of the data set (all but Pixel Data) before it is written. */
export interface DataSetEdit {
  apply(dataSet: DataSet): DataSet;
  /** It removes the pixels, or puts others in their place: those of the file are not written. */
  readonly pixels: 'removed' | 'replaced' | undefined;
}

export interface TranscodeRequest {
  /** UIDs of transfer syntaxes that will do, the best first. */
  readonly syntaxes: readonly string[];
  /** 1 to 100, for lossy ones; DicomLossyTranscodingQuality by default. */
  readonly quality?: number;
  /** Whether pixels may change, and whether the file gets a SOP Instance UID of its own then (PS3.3 C.7.6.1.1.5, C.12.1.1.2.1). */
  readonly lossy: 'never' | 'new-identifier' | 'same-identifier';
  readonly edit?: DataSetEdit;
  /** Nobody is expected to ask for the same again: it need not be kept in memory. */
  readonly isOnce?: boolean;
}

export interface Transcoder {
  /** The file of a stored instance in one of these transfer syntaxes: as it is stored where its own is among them.
   * undefined: there is no such instance.
   * @throws PharosError NotImplemented where it can be written in none of them, BadFileFormat where its pixels cannot be read */
  stored(id: OrthancId, request: TranscodeRequest): Promise<InstanceFile | undefined>;
  /** The same of a DICOM file that is in the store, whether indexed or not. */
  attachment(attachment: AttachmentInfo, request: TranscodeRequest): Promise<InstanceFile>;
}

export type Manufacturer =
  | 'Generic'
  | 'GenericNoWildcardInDates'
  | 'GenericNoUniversalWildcard'
  | 'Vitrea'
  | 'GE'
  | 'SiemensSyngoCT';

export interface Peer extends RemotePeer {
  /** User properties, shown as they are. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Named remote servers: from the configuration, changed by REST, kept in the index where the configuration says so. */
export interface Registry<T> {
  names(): readonly string[];
  get(name: string): T | undefined;
  set(name: string, value: T): Promise<void>;
  remove(name: string): Promise<boolean>;
}

/** Settings that REST may change while the server runs; a restart forgets them. */
export interface LiveSettings {
  /** Orthanc's name, such as Latin1. */
  defaultEncoding(): string;
  /** The same as a defined term of Specific Character Set, such as ISO_IR 100. */
  fallbackCharset(): string;
  /** @throws PharosError ParameterOutOfRange for an unknown name */
  setDefaultEncoding(name: string): void;
  /** UIDs, sorted. */
  acceptedTransferSyntaxes(): readonly string[];
  isTransferSyntaxAccepted(uid: string): boolean;
  /** @param patterns UIDs, with * and ? */
  setAcceptedTransferSyntaxes(patterns: readonly string[]): void;
  acceptedSopClasses(): readonly string[];
  isSopClassAccepted(uid: string): boolean;
  unknownSopClassAccepted(): boolean;
  setUnknownSopClassAccepted(accepted: boolean): void;
}

export interface Services {
  readonly settings: Settings;
  readonly index: IndexStore;
  readonly blobs: BlobStore;
  readonly ingest: Ingest;
  readonly attachmentWriter: AttachmentWriter;
  readonly reader: InstanceReader;
  readonly images: ImageWorkers;
  /** Of all archives. */
  readonly compressor: Compressor;
  /** Of all archives that are sent while they are made. */
  readonly archiveRoom: ArchiveRoom;
  /** Of WebDAV clients. */
  readonly uploadFolders: UploadFolders;
  readonly transcoder: Transcoder;
  readonly renderer: Renderer;
  readonly network: ModalityNetwork;
  readonly peerNetwork: PeerNetwork;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly live: LiveSettings;
  readonly modalities: Registry<Modality>;
  readonly peers: Registry<Peer>;
  readonly jobs: Jobs;
  /** Answered queries to modalities. */
  readonly queries: RemoteQueries;
  /** What became of the storage commitments that were asked for. */
  readonly commitments: CommitmentReports;
  /** @throws PharosError NetworkProtocol, NoPresentationContext */
  requestCommitment(
    remote: RemoteModality,
    transactionUid: string,
    instances: readonly CommitmentReference[],
  ): Promise<void>;
  /** What comes because a C-MOVE of ours asked for it. */
  readonly arrivals: MoveArrivals;
  /** Where worklists are switched on. */
  readonly worklists?: Worklists;
  readonly dictionary: Dictionary;
  readonly mainTags: MainDicomTagRegistry;
  readonly metadataTypes: NumberRegistry;
  readonly attachmentTypes: AttachmentRegistry;
  /** Writes a file of the server's machine, at a path that a client gave (RestApiWriteToFileSystemEnabled). @throws PharosError CannotWriteFile */
  readonly exportFile: (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>;
  /** What /tools/shutdown and /tools/reset ask of the process. */
  readonly lifecycle: { shutdown(): void; reset(): void };
  /** Of scripts. */
  readonly filters?: Filters;
  /** Runs a script of a client and gives what it prints. @throws PharosError CannotExecuteLua */
  readonly runScript?: (script: string) => Promise<string>;
}
