// The verbs of the server, each in a folder of its own; this is the door.
export type * from './services.ts';
