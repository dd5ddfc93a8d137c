// What scripts want to be done with instances, one operation after the other.

import type { RemoteModality } from '../../ports/index.ts';
import type { ModificationRequest } from '../edit/index.ts';
import { isMembers, isRemote, isText, listOf, unreadable } from '../jobs/index.ts';

export type Action =
  | { readonly kind: 'store-scu'; readonly remote: RemoteModality }
  /** Name of the peer: what it takes to reach it is looked up when it is time, and not kept with the job. */
  | { readonly kind: 'store-peer'; readonly peer: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'modify'; readonly request: ModificationRequest }
  /** The last argument is the path of a copy of the file. */
  | { readonly kind: 'call-system'; readonly command: string; readonly args: readonly string[] };

export interface Operation {
  /** Identifier of an instance; '' is what the operation before has given, if it has given anything. */
  readonly resource: string;
  readonly action: Action;
}

function isRequest(value: unknown): value is ModificationRequest {
  return isMembers(value) && isText(value.level) && Array.isArray(value.remove) && isMembers(value.replace);
}

function actionOf(kept: unknown): Action {
  if (!isMembers(kept)) throw unreadable();
  const { kind, remote, peer, request, command, args } = kept;
  if (kind === 'delete') return { kind };
  if (kind === 'store-scu' && isRemote(remote)) return { kind, remote };
  if (kind === 'store-peer' && isText(peer)) return { kind, peer };
  if (kind === 'modify' && isRequest(request)) return { kind, request };
  if (kind === 'call-system' && isText(command)) return { kind, command, args: listOf(args, isText) };
  throw unreadable();
}

/** Of what was kept of a job. @throws PharosError CorruptedFile */
export function readOperation(kept: unknown): Operation {
  if (!isMembers(kept) || !isText(kept.resource)) throw unreadable();
  return { resource: kept.resource, action: actionOf(kept.action) };
}
