// The C-STORE sub-operations of a C-MOVE or C-GET (PS3.4 C.4.2.1.6 to C.4.2.1.9): one after the other, each told by a pending response.
import { createDataSet, encodeDataSet, Tag } from '@pharos/dicom';
import { type Request, retrieveResponse, Status, type SubOperations } from '@pharos/dimse';
import type { OrthancId } from '../model/index.ts';
import type { OutgoingInstance } from '../ports/index.ts';
import { type OutgoingSequence, sendPresent } from '../services/selection/index.ts';

export type SentAs = 'completed' | 'warning' | 'failed';

export interface SubOperationsOf {
  readonly request: Request;
  readonly instances: readonly OrthancId[];
  /** Is closed in the end. */
  readonly outgoing: OutgoingSequence;
  /** @throws what `failed` is told */
  send(instance: OutgoingInstance, id: OrthancId): Promise<SentAs>;
  /** `lost`: neither this one nor those that follow can be sent. */
  failed(error: unknown): 'failed' | 'lost';
}

export interface Counted extends SubOperations {
  readonly status: number;
}

/** Milliseconds from one pending response to the next: whoever shows progress needs no more of them than that. */
const betweenResponses = 10;
/** The list of those that failed has its bounds: it is one value of an element. */
const mostFailedListed = 10_000;

/** Sends all responses, the final one too; gives what that said. @throws Error where the peer cannot be told */
export async function runSubOperations(operations: SubOperationsOf): Promise<Counted> {
  const { request, instances, outgoing } = operations;
  const { command, context, respond, isCancelled } = request;
  const counters = { remaining: instances.length, completed: 0, failed: 0, warning: 0 };
  const failed: string[] = [];
  const count = (as: keyof typeof counters, sopInstanceUid?: string): void => {
    counters.remaining -= 1;
    counters[as] += 1;
    if (as === 'failed' && sopInstanceUid && failed.length < mostFailedListed) failed.push(sopInstanceUid);
  };

  let isLost = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  try {
    for (const id of instances) {
      if (isLost || isCancelled()) break;
      const { sentAs, sopInstanceUid } = await sendOne(operations, id);
      // As in Orthanc, the one under way when the peer cancels counts among those that remain.
      if (isCancelled()) break;
      isLost = sentAs === 'lost';
      count(sentAs === 'lost' ? 'failed' : sentAs, sopInstanceUid);
      const now = performance.now();
      if (counters.remaining > 0 && !isLost && now - toldAt >= betweenResponses) {
        toldAt = now;
        await respond(
          retrieveResponse(command, { status: Status.pending, subOperations: counters, hasIdentifier: false }),
        );
      }
    }
  } finally {
    outgoing.close();
  }
  if (isLost) {
    counters.failed += counters.remaining;
    counters.remaining = 0;
  }
  const status = finalStatus(counters);
  const list =
    failed.length > 0 ? createDataSet([{ tag: Tag.FailedSOPInstanceUIDList, value: failed.join('\\') }]) : undefined;
  await respond(
    retrieveResponse(command, { status, subOperations: counters, hasIdentifier: list !== undefined }),
    list && [encodeDataSet(list, context.transferSyntax)],
  );
  return { ...counters, status };
}

interface Sent {
  readonly sentAs: SentAs | 'lost';
  /** undefined: the instance could not be looked up. */
  readonly sopInstanceUid: string | undefined;
}

async function sendOne({ outgoing, send, failed }: SubOperationsOf, id: OrthancId): Promise<Sent> {
  let sopInstanceUid: string | undefined;
  try {
    const sentAs = await sendPresent(outgoing.find, id, (instance) => {
      sopInstanceUid = instance.sopInstanceUid;
      return send(instance, id);
    });
    return { sentAs: sentAs ?? 'failed', sopInstanceUid };
  } catch (error) {
    return { sentAs: failed(error), sopInstanceUid };
  }
}

/** PS3.4 tables C.4-2 and C.4-3. */
function finalStatus({ remaining, completed, failed, warning }: SubOperations): number {
  if (remaining > 0) return Status.cancel;
  if (failed > 0 && completed + warning === 0) return Status.unableToPerformSuboperations;
  return failed + warning > 0 ? Status.coercionOfElements : Status.success;
}
