// What both sides know of an association once it is established.
import type { UserInformation } from './pdu/index.ts';

/** Who asks for an association. */
export interface PeerIdentity {
  /** Without the spaces around it. */
  readonly callingAet: string;
  readonly calledAet: string;
  /** IP address. */
  readonly remoteAddress: string;
}

/** A presentation context that was accepted. */
export interface AcceptedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
}

export interface AssociationInformation extends PeerIdentity {
  readonly contexts: ReadonlyMap<number, AcceptedContext>;
  /** What the peer says of itself. */
  readonly peer: UserInformation;
}

/** How an implementation names itself (PS3.7 D.3.3.2). */
export interface Implementation {
  readonly classUid: string;
  readonly versionName: string;
}

/** An application entity title without the spaces around it, which mean nothing (PS3.5 6.2); undefined where it is none: empty,
 * only spaces, or with a control character or a backslash. */
export function normaliseAet(aet: string): string | undefined {
  let start = 0;
  let end = aet.length;
  while (start < end && aet[start] === ' ') start++;
  while (end > start && aet[end - 1] === ' ') end--;
  const trimmed = aet.slice(start, end);
  if (trimmed === '') return undefined;
  for (let at = 0; at < trimmed.length; at++) {
    const code = trimmed.charCodeAt(at);
    if (code < 0x20 || code === 0x7f || code === 0x5c) return undefined;
  }
  return trimmed;
}
