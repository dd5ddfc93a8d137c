// C-STORE on the association of a C-GET: each instance flows on as a Part 10 file while it comes.
import { encodeFileMeta } from '@pharos/dicom';
import {
  createBoundedQueue,
  createStoreService,
  type Request,
  type Service,
  Status,
  type StoreSink,
} from '@pharos/dimse';
import { PharosError } from '../model/index.ts';
import type { ReceivedInstance } from '../ports/index.ts';

export type Receive = (instance: ReceivedInstance) => Promise<number>;

/** Bytes of an instance that wait to be read; then the network waits. */
const maximumHeld = 1 << 18;

export function createReceiver(receive: Receive): Service {
  return createStoreService({
    begin: (request) => beginReceived(receive, request),
    statusOf: (error) => (error instanceof Refusal ? error.status : Status.cannotUnderstand),
  });
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super('An instance was refused');
    this.status = status;
  }
}

function beginReceived(receive: Receive, { context, command }: Request): StoreSink {
  const { AffectedSOPClassUID: sopClassUid, AffectedSOPInstanceUID: sopInstanceUid } = command;
  const { transferSyntax } = context;
  if (!sopClassUid || !sopInstanceUid) throw new Refusal(Status.cannotUnderstand);
  if (sopClassUid !== context.abstractSyntax) throw new Refusal(Status.sopClassNotSupported);
  const queue = createBoundedQueue<Uint8Array>(maximumHeld, (chunk) => chunk.length);
  queue.push(encodeFileMeta({ sopClassUid, sopInstanceUid, transferSyntax }));
  let isEmpty = true;
  const received = receive({ sopClassUid, sopInstanceUid, transferSyntax, file: queue }).finally(queue.leave);
  const settled = received.then(ignore, ignore);
  const abort = async (): Promise<void> => {
    queue.end(new PharosError('NetworkProtocol', 'The instance did not come to its end'));
    await settled;
  };
  return {
    push(chunk) {
      isEmpty = false;
      return queue.push(chunk);
    },
    async finish() {
      if (isEmpty) {
        await abort();
        throw new Refusal(Status.cannotUnderstand);
      }
      queue.end();
      return received;
    },
    abort,
  };
}

function ignore(): void {}
