// What a requestor proposes, and what of it an acceptor took (PS3.8 9.3.2, 9.3.3).
import type { AcceptedContext } from '../association-information.ts';
import {
  type AssociateAc,
  type AssociateRq,
  ContextResult,
  dicomApplicationContext,
  maximumContexts,
} from '../pdu/index.ts';
import type { AssociationOptions } from './association.ts';

export function requestOf(options: AssociationOptions): AssociateRq {
  return {
    kind: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAet: options.calledAet,
    callingAet: options.callingAet,
    applicationContext: dicomApplicationContext,
    contexts: options.contexts.slice(0, maximumContexts).map((context, index) => ({ ...context, id: 2 * index + 1 })),
    user: {
      maximumPduLength: options.maximumPduLength,
      implementationClassUid: options.implementation.classUid,
      implementationVersionName: options.implementation.versionName,
      roles: options.roles ?? [],
    },
  };
}

/** What the peer accepted of what was proposed; an acceptance of anything else does not count. */
export function acceptedContexts(request: AssociateRq, answer: AssociateAc): ReadonlyMap<number, AcceptedContext> {
  const proposed = new Map(request.contexts.map((context) => [context.id, context]));
  const accepted = new Map<number, AcceptedContext>();
  for (const { id, result, transferSyntax } of answer.contexts) {
    const context = proposed.get(id);
    if (result !== ContextResult.acceptance || !context?.transferSyntaxes.includes(transferSyntax)) continue;
    accepted.set(id, { id, abstractSyntax: context.abstractSyntax, transferSyntax });
  }
  return accepted;
}
