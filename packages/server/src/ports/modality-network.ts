// The DICOM network as a client: what services and REST routes may ask of it.

/** A remote application entity. */
export interface RemoteModality {
  readonly aet: string;
  readonly host: string;
  readonly port: number;
  readonly localAet: string;
  /** Seconds; 0 is none. */
  readonly timeout: number;
}

export interface ModalityNetwork {
  /** C-ECHO. @throws PharosError NetworkProtocol with the step that failed */
  echo(remote: RemoteModality): Promise<void>;
  /** C-STORE of one Part 10 file. @throws PharosError NetworkProtocol */
  store(
    remote: RemoteModality,
    file: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly sopClassUid: string; readonly sopInstanceUid: string }>;
}
