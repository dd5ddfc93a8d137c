// The presentation contexts that are proposed for C-STORE (PS3.8 7.1.1.13): those of the instances seen so far, then what may follow.
import { maximumContexts } from '@pharos/dimse';
import { storageSyntaxes } from '../model/index.ts';
import type { OutgoingInstance } from '../ports/index.ts';
import type { Proposal } from './association-steps.ts';
import { expectedClasses } from './proposals.ts';

type Contexts = Proposal['contexts'];
type Pair = Pick<OutgoingInstance, 'sopClassUid' | 'transferSyntax'>;

export interface StoreProposal {
  /** False where an association that was negotiated before may have answered for this one already. */
  add(pair: Pair): boolean;
  contexts(): Contexts;
  /** Transfer syntaxes in which an instance may go that the peer does not take as it is, best first. */
  readonly targets: readonly string[];
}

/**
 * For each class and syntax: the syntax of the instance; the preferred one; the two that everybody has. Each in a context of its own,
 * so that the peer cannot trade one for another.
 * @param fills with the likeliest storage classes, in the preferred syntax, as many as fit
 */
export function createStoreProposal(preferred: string, fills: boolean): StoreProposal {
  /** By class, in the order in which they were seen. */
  const seen = new Map<string, Set<string>>();
  const everywhere = new Set<string>(storageSyntaxes.sent);
  const contextsOf = (abstractSyntax: string, syntaxes: ReadonlySet<string>): Contexts => [
    ...[...new Set([...syntaxes, preferred])].map((syntax) => ({ abstractSyntax, transferSyntaxes: [syntax] })),
    { abstractSyntax, transferSyntaxes: storageSyntaxes.sent },
  ];

  return {
    targets: [...new Set([preferred, ...everywhere])],
    add({ sopClassUid, transferSyntax }) {
      const syntaxes = seen.get(sopClassUid);
      if (syntaxes?.has(transferSyntax)) return false;
      seen.delete(sopClassUid);
      seen.set(sopClassUid, new Set([transferSyntax, ...(syntaxes ?? [])]));
      return true;
    },
    contexts() {
      // The newest first: of very many classes it is the older ones that give way.
      const wanted = [...seen].reverse().flatMap(([sopClassUid, syntaxes]) => contextsOf(sopClassUid, syntaxes));
      const others = fills ? expectedClasses.filter((uid) => !seen.has(uid)) : [];
      const filling = others.map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: [preferred] }));
      return [...wanted, ...filling].slice(0, maximumContexts);
    },
  };
}
