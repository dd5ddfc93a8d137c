export { createMemoryPair, createMemoryTransport, type MemoryPairOptions } from './memory.ts';
export { connectionOf, tcpTransport } from './tcp.ts';
export { bcp195Ciphers, createTlsTransport, type TlsTransportOptions } from './tls.ts';
