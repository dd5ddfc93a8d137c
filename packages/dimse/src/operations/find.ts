// C-FIND as SCU (PS3.7 9.1.2): the answers as they come, no faster than they are read.
import {
  type CommandSet,
  type DataReceiver,
  type DataSource,
  hasDataSet,
  Status,
  statusClassOf,
} from '../messages/index.ts';
import { createByteCollector } from '../pdu/index.ts';
import { type BoundedQueue, createBoundedQueue } from './bounded-queue.ts';
import type { Requests } from './requests.ts';

/** A response to C-FIND: an answer where it is pending; the last one is not, and ends the iteration. */
export interface FindResponse {
  readonly status: number;
  /** The identifier, in the transfer syntax of the context; absent in the last response. */
  readonly identifier?: Uint8Array;
}

/** Bytes of answers that wait to be read; then the network waits. */
const maximumHeld = 1 << 20;
/** What an answer counts for besides its bytes. */
const overhead = 256;
/** Bytes of one answer. */
const maximumAnswer = 1 << 24;

/** Begins when it is first read; C-CANCEL where it is left before the end. @throws AssociationError */
export async function* findResponses(
  requests: Requests,
  contextId: number,
  command: CommandSet,
  identifier: DataSource,
): AsyncGenerator<FindResponse, void, undefined> {
  const queue = createBoundedQueue<FindResponse>(maximumHeld, (response) => overhead + sizeOf(response));
  let isOver = false;
  const over = requests.make(contextId, command, identifier, answersInto(queue, requests)).then(
    (final) => {
      isOver = true;
      queue.push({ status: final.Status ?? Status.processingFailure });
      queue.end();
    },
    (error) => {
      isOver = true;
      queue.end(error);
    },
  );
  try {
    yield* queue;
  } finally {
    if (!isOver) requests.cancel();
    await over;
  }
}

function answersInto(
  queue: BoundedQueue<FindResponse>,
  requests: Pick<Requests, 'fail'>,
): (response: CommandSet) => DataReceiver | undefined | Promise<DataReceiver | undefined> {
  let full: Promise<void> | undefined;

  const receiverOf = (status: number): DataReceiver => {
    const bytes = createByteCollector();
    return {
      push(chunk) {
        if (bytes.length + chunk.length <= maximumAnswer) bytes.append(chunk);
        else requests.fail('The peer sent an answer without end');
        return undefined;
      },
      end() {
        full = queue.push({ status, identifier: bytes.take() });
      },
    };
  };

  return (response) => {
    const status = response.Status ?? Status.processingFailure;
    if (statusClassOf(status) !== 'pending') return undefined;
    if (!hasDataSet(response)) {
      requests.fail('The peer sent an answer without an identifier');
      return undefined;
    }
    return full ? full.then(() => receiverOf(status)) : receiverOf(status);
  };
}

function sizeOf({ identifier }: FindResponse): number {
  return identifier?.length ?? 0;
}
