// Other servers with Orthanc's REST API (peers), as services ask them.

/** What it takes to reach one. */
export interface RemotePeer {
  /** Ends with a slash. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly httpHeaders: Readonly<Record<string, string>>;
  /** Path of the PEM file with the certificate of this client, and of its key; '' is none. */
  readonly certificateFile: string;
  readonly certificateKeyFile: string;
  readonly certificateKeyPassword: string;
  readonly pkcs11: boolean;
  /** Seconds; 0 is the default. */
  readonly timeout: number;
}

export interface PeerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the URL of the peer; '' is that URL itself. */
  readonly path: string;
  /** Bytes of an answer; 16 MB by default. */
  readonly longestAnswer?: number;
  readonly body?: PeerBody;
}

export interface PeerBody {
  /** Bytes. */
  readonly length: number;
  readonly mime: string;
  readonly isGzip?: boolean;
  /** Gives the bytes from the beginning; a second time only after another request of the same session. */
  open(): AsyncIterable<Uint8Array>;
}

export interface PeerAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Where the peer says that it is instead. */
  readonly location: string | undefined;
  readonly body: Uint8Array;
}

/** Requests one after the other, over one connection as long as the peer keeps it. */
export interface PeerSession {
  /** Any status is an answer. @throws PharosError NetworkProtocol where none comes, or none in time; what the body throws */
  request(request: PeerRequest): Promise<PeerAnswer>;
  /** What is under way fails, and all that follows. */
  abort(): void;
  close(): void;
}

export interface PeerNetwork {
  /** Whether the certificate that the peer is to see is there. @throws PharosError InexistentFile, BadParameterType */
  check(peer: RemotePeer): void;
  /** Connects at the first request. @throws PharosError InexistentFile, BadParameterType that say what is wrong with the peer's certificate */
  open(peer: RemotePeer): PeerSession;
}
