// The work on a request whose data set is wanted as a whole: it is gathered up to a limit, what goes beyond is read and dropped, so
// that the peer gets its answer.
import { createByteCollector } from '../pdu/index.ts';
import type { Exchange } from './service.ts';

/** @param finish is given the data set, empty where none came; undefined where it was longer than `maximumBytes` */
export function createGatheringExchange(
  maximumBytes: number,
  finish: (dataSet: Uint8Array | undefined) => Promise<void>,
): Exchange {
  const gathered = createByteCollector();
  let isTooLong = false;
  return {
    push(chunk) {
      if (isTooLong) return undefined;
      isTooLong = gathered.length + chunk.length > maximumBytes;
      if (isTooLong) gathered.take();
      else gathered.append(chunk);
      return undefined;
    },
    finish: () => finish(isTooLong ? undefined : gathered.take()),
    abort: async () => {},
  };
}
