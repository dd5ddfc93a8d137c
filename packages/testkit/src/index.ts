export * from './crash-drill.ts';
export * from './ingest-fixture.ts';
export * from './kill-ingest.ts';
export * from './server-process.ts';
export * from './synthetic-instance.ts';
export * from './blob-store-contract.ts';
