// The server as a library: settings in, a running server out.
export { loadConfiguration } from '../config/index.ts';
export { createLog, type LogOptions } from './logging.ts';
export { createMetrics } from './metrics.ts';
export { createServer, type PharosServer, type ServerParts } from './server.ts';
