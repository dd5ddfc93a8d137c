// Which presentation contexts an acceptor takes, and in which transfer syntax (PS3.8 9.3.3.2, PS3.7 D.3.3.4).
import type { AcceptedContext, AssociationInformation } from '../association-information.ts';
import {
  type AnsweredContext,
  type AssociateRq,
  ContextResult,
  type ProposedContext,
  type RoleSelection,
} from '../pdu/index.ts';

/** What is accepted for some abstract syntaxes. */
export interface ContextRule {
  matches(abstractSyntax: string): boolean;
  /** The transfer syntax for the proposed ones, in the order of the peer; undefined where none will do. */
  choose(proposed: readonly string[]): string | undefined;
  /** `default`: the peer is SCU. `as-proposed`: whatever roles it asks for. */
  readonly roles: 'default' | 'as-proposed';
}

export interface Negotiated {
  readonly answers: readonly AnsweredContext[];
  readonly accepted: ReadonlyMap<number, AcceptedContext>;
  readonly roles: readonly RoleSelection[];
}

const implicitLittleEndian = '1.2.840.10008.1.2';

/** The first of `preferred` that the peer proposed. */
export function chooseByPreference(preferred: readonly string[]): ContextRule['choose'] {
  return (proposed) => preferred.find((uid) => proposed.includes(uid));
}

/** The first proposed, in the order of the peer, that is accepted. */
export function chooseFirstProposed(isAccepted: (transferSyntax: string) => boolean): ContextRule['choose'] {
  return (proposed) => proposed.find(isAccepted);
}

/** Answers every proposed context by the first rule that matches its abstract syntax. */
export function negotiateContexts(
  request: Pick<AssociateRq, 'contexts' | 'user'>,
  rules: readonly ContextRule[],
): Negotiated {
  const accepted = new Map<number, AcceptedContext>();
  const withRoles = new Set<string>();
  const answers = request.contexts.map((context) => {
    const rule = rules.find((candidate) => candidate.matches(context.abstractSyntax));
    const transferSyntax = rule?.choose(context.transferSyntaxes);
    if (!rule || transferSyntax === undefined) return refusedContext(context, rule !== undefined);
    accepted.set(context.id, { id: context.id, abstractSyntax: context.abstractSyntax, transferSyntax });
    if (rule.roles === 'as-proposed') withRoles.add(context.abstractSyntax);
    return { id: context.id, result: ContextResult.acceptance, transferSyntax };
  });
  return { answers, accepted, roles: answeredRoles(request.user.roles, withRoles) };
}

function refusedContext(context: ProposedContext, isKnown: boolean): AnsweredContext {
  const result = isKnown ? ContextResult.transferSyntaxesNotSupported : ContextResult.abstractSyntaxNotSupported;
  return { id: context.id, result, transferSyntax: implicitLittleEndian };
}

function answeredRoles(proposed: readonly RoleSelection[], sopClasses: ReadonlySet<string>): readonly RoleSelection[] {
  const roles = new Map(proposed.map((role) => [role.sopClassUid, role]));
  return [...roles.values()].filter((role) => sopClasses.has(role.sopClassUid));
}

/** The contexts of a SOP class in which the acceptor may make requests: those for which the peer proposed to be SCP (PS3.7 D.3.3.4).
 * Peers that proposed no role, or neither of the two, are taken to mean that too: many that ask for C-GET do. */
export function contextsAsScu(
  { contexts, peer }: Pick<AssociationInformation, 'contexts' | 'peer'>,
  sopClassUid: string,
): readonly AcceptedContext[] {
  const role = peer.roles.findLast((proposed) => proposed.sopClassUid === sopClassUid);
  if (role?.scu && !role.scp) return [];
  return [...contexts.values()].filter(({ abstractSyntax }) => abstractSyntax === sopClassUid);
}
