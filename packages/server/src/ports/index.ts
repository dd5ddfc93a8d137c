export type * from './blob-store.ts';
export type * from './clock.ts';
export type * from './filters.ts';
export type * from './index-store.ts';
export * from './log.ts';
export type * from './metrics.ts';
export * from './modality-network.ts';
export type * from './peer-network.ts';
export type * from './worklist-store.ts';
