// A thread for the tests of the pool: it does what it is told.
import { workerData } from 'node:worker_threads';
import { CodecError } from '../frame/index.ts';
import { serve } from './serve.ts';

const held: unknown[] = [];

serve((request) => {
  if (request === 'hang') for (;;);
  if (request === 'exit') process.exit(1);
  if (request === 'data') return { value: workerData, transfer: [] };
  if (request === 'refuse') throw new CodecError('Unsupported', 'No such thing');
  if (request === 'fault') throw new TypeError('of the decoder');
  if (request === 'eat') for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
  return { value: request, transfer: [] };
});
