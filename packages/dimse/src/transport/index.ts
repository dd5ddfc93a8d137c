export { createMemoryPair, createMemoryTransport, type MemoryPairOptions } from './memory.ts';
export { connectionOf, tcpTransport } from './tcp.ts';
