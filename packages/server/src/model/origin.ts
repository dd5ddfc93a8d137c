// Where an instance came from: kept as metadata, shown to filters and scripts.
export type RequestOrigin = 'Unknown' | 'DicomProtocol' | 'RestApi' | 'Plugins' | 'Lua' | 'WebDav';

export interface Origin {
  readonly origin: RequestOrigin;
  readonly remoteAet?: string;
  readonly remoteIp?: string;
  readonly calledAet?: string;
  readonly httpUsername?: string;
}
