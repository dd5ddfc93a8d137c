// Why an association that was requested here came to nothing, or ended before its time.
import type { AssociateRj } from '../pdu/index.ts';

export type AssociationFailure =
  /** Nobody answers at the address. */
  | 'connect'
  | 'rejected'
  | 'aborted'
  /** The connection is gone. */
  | 'closed'
  | 'timeout'
  /** The peer broke the protocol. */
  | 'protocol'
  /** No presentation context for what was to be sent was accepted. */
  | 'no-context';

export class AssociationError extends Error {
  override readonly name = 'AssociationError';
  readonly failure: AssociationFailure;

  constructor(failure: AssociationFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }
}

const reasons: Readonly<Record<string, string>> = {
  '1.1': 'no reason given',
  '1.2': 'application context name not supported',
  '1.3': 'calling AE title not recognized',
  '1.7': 'called AE title not recognized',
  '2.1': 'no reason given by the service provider',
  '2.2': 'protocol version not supported',
  '3.1': 'temporary congestion',
  '3.2': 'local limit exceeded',
};

/** Says in words what an A-ASSOCIATE-RJ says in numbers (PS3.8 Table 9-21). */
export function describeRejection({
  result,
  source,
  reason,
}: Pick<AssociateRj, 'result' | 'source' | 'reason'>): string {
  const words = reasons[`${source}.${reason}`] ?? `source ${source}, reason ${reason}`;
  return `Association rejected ${result === 2 ? 'transiently' : 'permanently'}: ${words}`;
}
