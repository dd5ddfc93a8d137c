// What the upper layer asks of a transport connection (PS3.8 9.1): a reliable stream of bytes in both directions.

export interface ConnectionEvents {
  /** Bytes that came; they are the receiver's from now on. */
  data(chunk: Uint8Array): void;
  /** The peer is gone, or the connection was closed here. Told once, last. */
  closed(error?: Error): void;
}

/** What a connection takes before it asks to wait. */
export const networkBufferBytes = 1 << 16;

export interface Connection {
  /** IP address of the peer, without an IPv6 prefix where it is an IPv4 address. */
  readonly remoteAddress: string;
  /** Begins to deliver; called once. */
  start(events: ConnectionEvents): void;
  /** Writes the chunks one after the other in as few system calls as it can. A promise resolves when more may be written; nobody looks at
   * these chunks then. There always is one for `networkBufferBytes` and more. Never rejects. */
  write(chunks: readonly Uint8Array[]): Promise<void> | undefined;
  /** Stops reading until `resume`. */
  pause(): void;
  resume(): void;
  /** Closes once everything was written. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** An open door: connections arrive until it is closed. */
export interface Listening {
  readonly port: number;
  /** Lets nobody in any more; connections that are open stay. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds; 0 is none. */
  readonly timeout: number;
}

export interface ListenOptions {
  readonly port: number;
  readonly host?: string;
  /** Connections at the same time, also those that do not arrive because of a handshake; more are closed at once. */
  readonly maximumConnections?: number;
}

/** A kind of network: TCP, TLS, or a pair in memory. */
export interface Transport {
  /** @throws Error where nobody answers */
  connect(options: ConnectOptions): Promise<Connection>;
  /**
   * `failed`: a connection could not be taken, for want of file descriptors for example, or of a handshake, then with whose it was; the door
   * stays open.
   * @throws Error where the address is taken
   */
  listen(
    options: ListenOptions,
    arrive: (connection: Connection) => void,
    failed?: (error: Error, remoteAddress?: string) => void,
  ): Promise<Listening>;
}
