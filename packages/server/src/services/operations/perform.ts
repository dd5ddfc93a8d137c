// One operation on one instance.
import type { Dictionary } from '@pharos/dicom';
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { Clock, PeerNetwork } from '../../ports/index.ts';
import { type DeletionDependencies, deleteResource } from '../deletion/index.ts';
import {
  createIdentifierMap,
  createModification,
  type EditDependencies,
  editOf,
  storeModified,
} from '../edit/index.ts';
import { timestamp } from '../ingest/index.ts';
import { checkStatus, peerBody, requestPeer } from '../peers/index.ts';
import { type OutgoingDependencies, outgoingInstance, sendPresent } from '../selection/index.ts';
import type { Peer, Registry } from '../services.ts';
import type { Action } from './operation.ts';
import type { SharedSession } from './shared-session.ts';

export type PerformDependencies = OutgoingDependencies &
  EditDependencies &
  DeletionDependencies & {
    readonly dictionary: Dictionary;
    readonly clock: Clock;
    readonly peerNetwork: PeerNetwork;
    readonly peers: Pick<Registry<Peer>, 'get'>;
    /** Runs a program of the server's machine with a copy of the file. @throws PharosError SystemCommand */
    readonly callCommand: (command: string, args: readonly string[], file: AsyncIterable<Uint8Array>) => Promise<void>;
  };

export interface Work {
  readonly id: OrthancId;
  readonly session: SharedSession;
  readonly signal: AbortSignal;
}

async function outgoing(deps: PerformDependencies, id: OrthancId) {
  const instance = await outgoingInstance(deps, id);
  if (instance) return instance;
  throw new PharosError('InexistentItem', `There is no instance ${id}`);
}

async function sendToPeer(deps: PerformDependencies, name: string, id: OrthancId): Promise<void> {
  const peer = deps.peers.get(name);
  if (!peer) throw new PharosError('InexistentItem', `There is no peer "${name}" any more`);
  const body = await peerBody(await outgoing(deps, id), { compress: false });
  const answer = await requestPeer(deps.peerNetwork, peer, { method: 'POST', path: 'instances', body });
  checkStatus(`Sending instance ${id} to peer "${name}"`, answer);
}

async function modify(
  deps: PerformDependencies,
  { request }: Extract<Action, { kind: 'modify' }>,
  id: OrthancId,
): Promise<OrthancId> {
  const modification = createModification(request, deps.dictionary);
  const edit = editOf(modification, { dictionary: deps.dictionary, identifiers: createIdentifierMap() });
  const { instance } = await storeModified(deps, id, edit, {
    isAnonymization: false,
    level: request.level,
    keepsLabels: false,
    removesSource: false,
    since: timestamp(deps.clock.now()),
    origin: { origin: 'Lua' },
  });
  return instance;
}

/**
 * Gives the instance for the next operation; undefined: there is none.
 * @throws PharosError where it fails
 */
export async function perform(
  deps: PerformDependencies,
  action: Action,
  { id, session, signal }: Work,
): Promise<OrthancId | undefined> {
  switch (action.kind) {
    case 'store-scu':
      await sendPresent(
        (wanted) => outgoing(deps, wanted),
        id,
        (instance) => session.store(action.remote, instance, signal),
      );
      return id;
    case 'store-peer':
      await sendToPeer(deps, action.peer, id);
      return id;
    case 'modify':
      return modify(deps, action, id);
    case 'call-system':
      await deps.callCommand(action.command, action.args, (await outgoing(deps, id)).open());
      return id;
    case 'delete':
      if (await deleteResource(deps, { id, level: 'Instance' })) return undefined;
      throw new PharosError('InexistentItem', `There is no instance ${id}`);
  }
}

/** After an operation that failed: what is sent can still be deleted, but nothing can be done with what was not made. */
export function leftAfterFailure(action: Action, id: OrthancId): OrthancId | undefined {
  return action.kind === 'store-scu' || action.kind === 'store-peer' ? id : undefined;
}
