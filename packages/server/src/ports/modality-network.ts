// The DICOM network as a client: what services and REST routes may ask of it.
import type { DataSet } from '@pharos/dicom';
import type { LentBlob } from './blob-store.ts';

/** A remote application entity. */
export interface RemoteModality {
  readonly aet: string;
  readonly host: string;
  readonly port: number;
  readonly localAet: string;
  /** Seconds; 0 is none. */
  readonly timeout: number;
  /** The connection must be encrypted. */
  readonly useDicomTls?: boolean;
  /** C-GET without SCP/SCU role selection, which some peers do not understand: they send all the same. */
  readonly hasDefaultRoles?: boolean;
  /** False: what is sent stays in the transfer syntax it is stored in. */
  readonly allowsTranscoding?: boolean;
}

/** Information models of C-FIND and C-MOVE/C-GET (PS3.4 C.6, K.6); worklists can only be found. */
export type QueryModel = 'patient-root' | 'study-root' | 'worklist';

export interface NetworkQuery {
  /** SOP classes of what is to come by C-GET, where they are known: these are proposed before the likeliest others. */
  readonly sopClasses?: readonly string[];
  readonly model: QueryModel;
  /** The identifier, QueryRetrieveLevel included (none for worklists), in a Specific Character Set of the caller's choice. */
  readonly identifier: DataSet;
}

/** Numbers of C-STORE sub-operations (PS3.4 C.4.2.1.6 to C.4.2.1.9). */
export interface MoveProgress {
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

export interface MoveOutcome extends MoveProgress {
  /** Of the final response: success, a warning, or cancelled. */
  readonly status: number;
}

export interface MoveOptions {
  readonly progress?: (progress: MoveProgress) => void;
  /** Message ID of the C-MOVE request, 1 to 65535: the peer repeats it in what it sends (PS3.7 9.1.1.1.7). */
  readonly messageId?: number;
  /** Asked with each progress, and now and then: true cancels (C-CANCEL). */
  readonly isCancelled?: () => boolean;
}

/** An instance that came by C-GET. */
export interface ReceivedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  /** The Part 10 file as it comes, to be read once; it throws where the peer goes away in the middle. */
  readonly file: AsyncIterable<Uint8Array>;
}

/** An instance that is about to be sent. */
export interface OutgoingInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  /** Bytes of the file; undefined where only reading tells. */
  readonly length: number | undefined;
  /** The Part 10 file as it is stored, from its beginning, each time. Pieces do not change afterwards. */
  open(): AsyncIterable<Uint8Array>;
  /** The data set of that file, without its meta header, cheaper than out of `open`: a whole that is to be given back, or pieces each
   * of which is there only until the next one is asked for, to be read to the end or left by `return`.
   * @throws PharosError InexistentFile, CorruptedFile; DicomError */
  lendDataSet?(): Promise<LentBlob | AsyncIterable<Uint8Array>>;
  /** The same in the first of these transfer syntaxes in which it can be written; where pixels are lost by that, under a SOP Instance
   * UID of its own. @throws PharosError NotImplemented, BadFileFormat */
  transcode?(syntaxes: readonly string[]): Promise<OutgoingInstance>;
}

/** On whose behalf an instance is sent (PS3.7 9.1.1.1.6). */
export interface MoveOriginator {
  readonly aet: string;
  readonly messageId: number;
}

/** Sends instances one after the other, on one association as long as that goes well. */
export interface StoreSession {
  /** C-STORE. Opens the association, or another one where this one has no presentation context for the instance, or is over.
   * @throws PharosError NetworkProtocol, also for a status that is a failure; NoPresentationContext */
  store(instance: OutgoingInstance, originator?: MoveOriginator): Promise<void>;
  /** Ends the association at once: what is being sent fails, and all that follows. */
  abort(): void;
  /** Releases. Never throws. */
  close(): Promise<void>;
}

/** What N-ACTION and N-EVENT-REPORT are about (PS3.7 10.1.1, 10.1.4). */
export interface NormalisedRequest {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Action Type ID or Event Type ID. */
  readonly typeId: number;
  readonly information: DataSet;
}

export interface ModalityNetwork {
  /** C-ECHO. @throws PharosError NetworkProtocol with the step that failed */
  echo(remote: RemoteModality): Promise<void>;
  /** C-STORE of one Part 10 file. @throws PharosError NetworkProtocol */
  store(
    remote: RemoteModality,
    file: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly sopClassUid: string; readonly sopInstanceUid: string }>;
  /** C-STORE of stored instances. Nothing is sent, nor connected, before the first one. */
  openStore(remote: RemoteModality): StoreSession;
  /** C-FIND: the answers as they come; leaving the iteration early cancels (C-CANCEL) and releases.
   * @throws PharosError NetworkProtocol, also where the final status is not success; NoPresentationContext */
  find(remote: RemoteModality, query: NetworkQuery): AsyncIterable<DataSet>;
  /** C-MOVE to the application entity `target`.
   * @throws PharosError NetworkProtocol where the final status is a failure; NoPresentationContext */
  move(remote: RemoteModality, query: NetworkQuery, target: string, options?: MoveOptions): Promise<MoveOutcome>;
  /** C-GET: each instance that comes is given to `receive`, one after the other; what that resolves to is the C-STORE status, 0xC000
   * where it rejects. Every call of it has settled when this settles. @throws PharosError as `move` */
  get(
    remote: RemoteModality,
    query: NetworkQuery,
    receive: (instance: ReceivedInstance) => Promise<number>,
    options?: MoveOptions,
  ): Promise<MoveOutcome>;
  /** N-ACTION. @throws PharosError NetworkProtocol where the status is a failure; NoPresentationContext */
  action(remote: RemoteModality, request: NormalisedRequest): Promise<void>;
  /** N-EVENT-REPORT, in the role of the SCP of the service. @throws PharosError as `action` */
  eventReport(remote: RemoteModality, request: NormalisedRequest): Promise<void>;
}

/** The cause of a PharosError NetworkProtocol where the peer answered, with a status that is a failure. */
export class DimseStatusError extends Error {
  override readonly name = 'DimseStatusError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
