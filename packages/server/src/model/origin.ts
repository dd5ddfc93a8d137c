// Where an instance came from: kept as metadata, shown to filters and scripts.
export type RequestOrigin = 'Unknown' | 'DicomProtocol' | 'RestApi' | 'Plugins' | 'Lua' | 'WebDav';

export interface Origin {
  readonly origin: RequestOrigin;
  readonly remoteAet?: string;
  readonly remoteIp?: string;
  readonly calledAet?: string;
  readonly httpUsername?: string;
  /** On whose behalf a peer sends it, by C-MOVE (PS3.7 9.1.1.1.6). */
  readonly moveOriginator?: { readonly aet: string; readonly messageId: number };
}
