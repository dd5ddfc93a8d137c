// What an acceptor of associations is told, and what it tells.
import type { AssociationInformation, PeerIdentity } from '../association-information.ts';
import type { CommandSet } from '../messages/index.ts';
import type { AbortCause, Timers, Transport } from '../upper-layer/index.ts';
import type { AcceptancePolicy } from './acceptance.ts';
import type { CommandRequest } from './dispatcher.ts';
import type { Service } from './service.ts';

/** What is worth a line in a log. */
export type ScpEvent =
  | { readonly kind: 'accepted'; readonly association: AssociationInformation }
  | { readonly kind: 'rejected'; readonly peer: PeerIdentity; readonly reason: string }
  | { readonly kind: 'dropped' | 'limit'; readonly remoteAddress: string }
  /** There are as many connections as there may be: silent ones are closed. Told once, until there are half as many. */
  | { readonly kind: 'crowded'; readonly remoteAddress: string }
  /** Something was thrown that should not: the connection ends. Without an address: a connection could not be taken. */
  | { readonly kind: 'fault'; readonly remoteAddress?: string; readonly error: unknown }
  | { readonly kind: 'released' | 'timeout'; readonly association: AssociationInformation }
  | { readonly kind: 'aborted'; readonly association: AssociationInformation; readonly cause: AbortCause }
  | {
      readonly kind: 'refused' | 'unsupported';
      readonly association: AssociationInformation;
      readonly command: CommandSet;
    }
  | {
      readonly kind: 'failed';
      readonly association: AssociationInformation;
      readonly command: CommandSet;
      readonly error: unknown;
    };

export interface ScpServerOptions extends AcceptancePolicy {
  readonly transport: Transport;
  readonly services: readonly Service[];
  /** Asked before each command is executed; false aborts the association. */
  authorise(request: CommandRequest): boolean;
  /** Milliseconds without a command, without a byte of a data set, without reading an answer, or without a response to a sub-operation,
   * after which an association is aborted; 0 is never. */
  readonly inactivityTimeout: number;
  /** Milliseconds for a peer that says nothing before or after its association; 30 seconds by default. */
  readonly artim?: number;
  /** Associations at the same time; more are rejected as transient. 500 by default. */
  readonly maximumAssociations?: number;
  /** The same for one address, so that no peer can keep all others out; as many by default. */
  readonly maximumAssociationsOfPeer?: number;
  /** Connections at the same time, with an association or not yet: beyond that, the oldest without one gives way. 16 times the
   * associations by default. */
  readonly maximumConnections?: number;
  readonly observe?: (event: ScpEvent) => void;
  readonly timers?: Timers;
}
