// The DICOM network as a client: what services and REST routes may ask of it.
import type { DataSet } from '@pharos/dicom';

/** A remote application entity. */
export interface RemoteModality {
  readonly aet: string;
  readonly host: string;
  readonly port: number;
  readonly localAet: string;
  /** Seconds; 0 is none. */
  readonly timeout: number;
  readonly useDicomTls?: boolean;
}

/** Information models of C-FIND and C-MOVE/C-GET (PS3.4 C.6), and the worklist (PS3.4 K.6). */
export type QueryModel = 'patient-root' | 'study-root' | 'worklist';

export interface NetworkQuery {
  readonly model: QueryModel;
  /** The identifier, QueryRetrieveLevel included (none for worklists), in a Specific Character Set of the caller's choice. */
  readonly identifier: DataSet;
}

/** Numbers of sub-operations (PS3.4 C.4.2.1.6). */
export interface MoveProgress {
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

export interface MoveOutcome extends MoveProgress {
  /** The final DIMSE status. */
  readonly status: number;
}

export interface MoveOptions {
  readonly progress?: (progress: MoveProgress) => void;
  /** Asked as the operation goes on; true sends C-CANCEL. */
  readonly isCancelled?: () => boolean;
  readonly originator?: string;
}

/** An instance that a C-GET brings. */
export interface ReceivedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  /** A Part 10 stream. */
  readonly file: AsyncIterable<Uint8Array>;
}

export interface ModalityNetwork {
  /** C-ECHO. @throws PharosError NetworkProtocol with the step that failed */
  echo(remote: RemoteModality): Promise<void>;
  /** C-STORE of one Part 10 file. @throws PharosError NetworkProtocol */
  store(
    remote: RemoteModality,
    file: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly sopClassUid: string; readonly sopInstanceUid: string }>;
  /** C-FIND: the answers as they come; leaving the iteration early cancels (C-CANCEL) and releases. @throws PharosError NetworkProtocol */
  find(remote: RemoteModality, query: NetworkQuery): AsyncIterable<DataSet>;
  /** C-MOVE to the application entity `target`. @throws PharosError NetworkProtocol where the final status is a failure */
  move(remote: RemoteModality, query: NetworkQuery, target: string, options?: MoveOptions): Promise<MoveOutcome>;
  /** C-GET: each instance that comes is given to `receive` as a Part 10 stream; what it resolves to is the C-STORE status.
   * @throws PharosError NetworkProtocol where the final status is a failure */
  get(
    remote: RemoteModality,
    query: NetworkQuery,
    receive: (instance: ReceivedInstance) => Promise<number>,
    options?: MoveOptions,
  ): Promise<MoveOutcome>;
}
