// C-STORE as SCP (PS3.7 9.1.1, PS3.4 B): the data set flows into a sink as it comes and is not looked at here.
import { CommandField, hasDataSet, responseTo, Status } from '../messages/index.ts';
import type { Exchange, Request, Service } from './service.ts';

/** Where an incoming instance goes. */
export interface StoreSink {
  /** Takes bytes of the data set, views of network buffers that nobody changes afterwards. A promise is back-pressure: the
   * connection is not read until it settles. */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** The data set is complete; gives the status of the response. Where it throws, the status is 0xA700. */
  finish(): Promise<number>;
  /** The data set will not be complete, or `push` failed. Never throws. */
  abort(): Promise<void>;
}

export interface StoreServiceOptions {
  /** Begins an instance. Where it throws, the data set is read and dropped, and the status is 0xA700. */
  begin(request: Request): StoreSink;
  /** The status for what `begin`, `push` or `finish` threw; 0xA700 by default. */
  statusOf?(error: unknown): number;
}

export function createStoreService({ begin, statusOf }: StoreServiceOptions): Service {
  return {
    command: CommandField.cStore,
    begin: (request) => createStoreExchange(request, begin, statusOf ?? (() => Status.outOfResources)),
  };
}

function createStoreExchange(
  request: Request,
  begin: (request: Request) => StoreSink,
  statusOf: (error: unknown) => number,
): Exchange {
  let failure: number | undefined;
  let sink: StoreSink | undefined;
  /** Back-pressure that has not settled. */
  let pending: Promise<void> | undefined;
  /** After a failure the rest of the data set is read and dropped, so that the peer gets its answer. */
  const fail = (error: unknown): Promise<void> | undefined => {
    failure ??= statusOf(error);
    const failed = sink;
    sink = undefined;
    return failed?.abort();
  };
  if (!hasDataSet(request.command)) failure = Status.cannotUnderstand;
  else {
    try {
      sink = begin(request);
    } catch (error) {
      failure = statusOf(error);
    }
  }
  return {
    push(chunk) {
      try {
        pending = sink?.push(chunk)?.catch(fail);
        return pending;
      } catch (error) {
        return fail(error);
      }
    },
    async finish() {
      const status = failure ?? (await finishSink());
      await request.respond(responseTo(request.command, status));
    },
    async abort() {
      await pending;
      await sink?.abort();
    },
  };

  async function finishSink(): Promise<number> {
    try {
      return (await sink?.finish()) ?? Status.outOfResources;
    } catch (error) {
      return statusOf(error);
    }
  }
}
