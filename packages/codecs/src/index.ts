export * from './codec.ts';
export * from './frame.ts';
