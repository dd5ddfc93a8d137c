// C-FIND, C-MOVE and C-GET as SCU (PS3.4 C.4, K.4).
import { type DataSet, DicomError, encodeDataSet, parseDataSet } from '@pharos/dicom';
import {
  type AcceptedContext,
  type Association,
  type RetrieveOptions,
  type RetrieveOutcome,
  Status,
  statusClassOf,
} from '@pharos/dimse';
import { PharosError } from '../model/index.ts';
import type { ModalityNetwork, MoveOptions, MoveOutcome, NetworkQuery, RemoteModality } from '../ports/index.ts';
import {
  type AssociationDeps,
  contextFor,
  explained,
  failure,
  onAssociation,
  open,
  type Proposal,
  statusFailure,
  step,
} from './association-steps.ts';
import { findModels, genericProposal, getModels, getProposal, moveModels } from './proposals.ts';
import { createReceiver } from './received-instance.ts';

export interface QueryRetrieveDeps extends AssociationDeps {
  /** Defined term for answers that declare no character set; ISO_IR 100 by default. */
  readonly fallbackCharset?: () => string;
}

/** Milliseconds between two questions whether it was cancelled, where the peer tells no progress. */
const cancelInterval = 500;

export function createQueryRetrieve(deps: QueryRetrieveDeps): Pick<ModalityNetwork, 'find' | 'move' | 'get'> {
  return {
    find: (remote, query) => find(deps, remote, query),
    async move(remote, query, target, options = {}) {
      const model = modelOf(moveModels, query);
      return retrieve({ deps, remote, query, options, service: 'C-MOVE', model }, genericProposal(model), (on, what) =>
        on.move({ ...what, destination: target, messageId: options.messageId }),
      );
    },
    async get(remote, query, receive, options = {}) {
      const model = modelOf(getModels, query);
      const { contexts, roles } = getProposal(model, query.sopClasses);
      const proposal = {
        contexts,
        roles: remote.hasDefaultRoles ? [] : roles,
        services: [createReceiver(receive)],
      };
      return retrieve({ deps, remote, query, options, service: 'C-GET', model }, proposal, (on, what) => on.get(what));
    },
  };
}

/** @throws PharosError BadRequest */
function modelOf(models: Readonly<Record<string, string | undefined>>, { model }: NetworkQuery): string {
  const uid = models[model];
  if (uid === undefined) throw new PharosError('BadRequest', `Nothing can be retrieved by the model ${model}`);
  return uid;
}

async function* find(deps: QueryRetrieveDeps, remote: RemoteModality, query: NetworkQuery): AsyncGenerator<DataSet> {
  const sopClassUid = findModels[query.model];
  const association = await open(deps, remote, genericProposal(sopClassUid));
  try {
    const context = contextFor(association, remote, 'C-FIND', sopClassUid);
    for await (const { status, identifier } of association.find(requestOn(context, query))) {
      if (identifier) yield decoded(identifier, context, remote, deps.fallbackCharset?.());
      else if (status !== Status.success) throw statusFailure(remote, 'C-FIND', status);
    }
  } catch (error) {
    throw explained(remote, 'C-FIND', error);
  } finally {
    await association.release();
  }
}

function requestOn({ id, abstractSyntax, transferSyntax }: AcceptedContext, { identifier }: NetworkQuery) {
  return { contextId: id, sopClassUid: abstractSyntax, identifier: [encodeDataSet(identifier, transferSyntax)] };
}

/** @throws PharosError NetworkProtocol */
function decoded(
  identifier: Uint8Array,
  { transferSyntax }: AcceptedContext,
  remote: RemoteModality,
  fallbackCharset: string | undefined,
): DataSet {
  try {
    return parseDataSet(identifier, transferSyntax, { stopAt: 'end', fallbackCharset }).dataSet;
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    throw failure(remote, 'C-FIND', 'The peer sent an answer that cannot be read', error);
  }
}

interface Retrieval {
  readonly deps: QueryRetrieveDeps;
  readonly remote: RemoteModality;
  readonly query: NetworkQuery;
  readonly options: MoveOptions;
  readonly service: 'C-MOVE' | 'C-GET';
  readonly model: string;
}

/** @throws PharosError NetworkProtocol, NoPresentationContext */
function retrieve(
  { deps, remote, query, options, service, model }: Retrieval,
  proposal: Proposal,
  request: (association: Association, what: RetrieveOptions) => Promise<RetrieveOutcome>,
): Promise<MoveOutcome> {
  return onAssociation(deps, remote, proposal, async (association) => {
    const { progress, isCancelled } = options;
    const context = contextFor(association, remote, service, model);
    const cancelIfAsked = (): void => {
      if (isCancelled?.()) association.cancel();
    };
    const told: RetrieveOptions['progress'] = (now) => {
      progress?.(now);
      cancelIfAsked();
    };
    const asking = setInterval(cancelIfAsked, cancelInterval);
    try {
      const outcome = await step(remote, service, () =>
        request(association, { ...requestOn(context, query), progress: told }),
      );
      if (statusClassOf(outcome.status) === 'failure') throw statusFailure(remote, service, outcome.status);
      return outcome;
    } finally {
      clearInterval(asking);
    }
  });
}
