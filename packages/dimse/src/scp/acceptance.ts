// Whether an association request is accepted (PS3.8 9.3.4, Table 9-21), in this order: calling title at all, application context,
// called title, calling title. An association without a single accepted context is accepted all the same.
import {
  type AssociationInformation,
  type Implementation,
  normaliseAet,
  type PeerIdentity,
} from '../association-information.ts';
import {
  type AssociateAc,
  type AssociateRj,
  type AssociateRq,
  dicomApplicationContext,
  RejectResult,
  RejectSource,
} from '../pdu/index.ts';
import { type ContextRule, negotiateContexts } from './context-rules.ts';

export type Admission = 'accepted' | 'called-aet-not-recognised' | 'calling-aet-not-recognised';

export interface AcceptancePolicy {
  readonly implementation: Implementation;
  /** Announced to the peer. */
  readonly maximumPduLength: number;
  /** Asked at each request: the rules may change while the server runs. */
  contextRules(peer: PeerIdentity): readonly ContextRule[];
  /** Judges the titles of the peer. */
  admit(peer: PeerIdentity): Admission;
}

export type Acceptance =
  /** The calling title is none: the connection is not worth an answer. */
  | { readonly verdict: 'drop' }
  | { readonly verdict: 'reject'; readonly answer: AssociateRj; readonly peer: PeerIdentity; readonly reason: string }
  | { readonly verdict: 'accept'; readonly answer: AssociateAc; readonly association: AssociationInformation };

/** Reasons of the service user (PS3.8 Table 9-21). */
const Reason = { applicationContext: 2, callingAet: 3, calledAet: 7 } as const;

export function judgeRequest(request: AssociateRq, remoteAddress: string, policy: AcceptancePolicy): Acceptance {
  const callingAet = normaliseAet(request.callingAet);
  if (callingAet === undefined) return { verdict: 'drop' };
  const peer: PeerIdentity = { callingAet, calledAet: request.calledAet.trim(), remoteAddress };
  if (request.applicationContext !== dicomApplicationContext) {
    return rejected(peer, Reason.applicationContext, 'unsupported application context');
  }
  const admission = policy.admit(peer);
  if (admission === 'called-aet-not-recognised') return rejected(peer, Reason.calledAet, 'unknown called AET');
  if (admission === 'calling-aet-not-recognised') return rejected(peer, Reason.callingAet, 'unknown calling AET');
  const negotiated = negotiateContexts(request, policy.contextRules(peer));
  // Both titles as they came (PS3.8 Table 9-17), whatever the acceptor calls itself.
  const answer: AssociateAc = {
    kind: 'A-ASSOCIATE-AC',
    protocolVersion: 1,
    calledAet: request.calledAet,
    callingAet: request.callingAet,
    applicationContext: dicomApplicationContext,
    contexts: negotiated.answers,
    user: {
      maximumPduLength: policy.maximumPduLength,
      implementationClassUid: policy.implementation.classUid,
      implementationVersionName: policy.implementation.versionName,
      roles: negotiated.roles,
    },
  };
  return { verdict: 'accept', answer, association: { ...peer, contexts: negotiated.accepted, peer: request.user } };
}

function rejected(peer: PeerIdentity, why: number, reason: string): Acceptance {
  const answer: AssociateRj = {
    kind: 'A-ASSOCIATE-RJ',
    result: RejectResult.permanent,
    source: RejectSource.user,
    reason: why,
  };
  return { verdict: 'reject', answer, peer, reason };
}
