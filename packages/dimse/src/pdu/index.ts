export { type ByteCollector, createByteCollector } from './byte-collector.ts';
export { encodePdu, writeDataHeader } from './encode.ts';
export * from './pdu.ts';
export { createPduReader, type Held, type PduReader, type PduReaderEvents } from './pdu-reader.ts';
export { unpaddedText, writeText } from './text.ts';
