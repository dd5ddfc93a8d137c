// The side of the thread: takes a request, answers it, takes the next.
import { parentPort } from 'node:worker_threads';
import { errorMessage } from './answer.ts';

export interface Served {
  readonly value: unknown;
  /** Buffers that the value refers to and that are not needed here any more. */
  readonly transfer: readonly ArrayBuffer[];
}

/** @param perform runs to the end, or throws a CodecError */
export function serve(perform: (request: unknown) => Served): void {
  const port = parentPort;
  port?.on('message', (request: unknown) => {
    try {
      const { value, transfer } = perform(request);
      port.postMessage({ value }, transfer);
    } catch (error) {
      port.postMessage(errorMessage(error));
    }
  });
}
