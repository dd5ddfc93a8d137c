// What a DIMSE service is to the server: who serves which command of which SOP class (PS3.7 7.5).
import type { AcceptedContext, AssociationInformation } from '../association-information.ts';
import type { CommandSet, DataSource } from '../messages/index.ts';
import type { PeerOperations } from '../operations/index.ts';

/** A request that a peer made. */
export interface Request {
  readonly association: AssociationInformation;
  readonly context: AcceptedContext;
  readonly command: CommandSet;
  /** True once the peer sent C-CANCEL for this request, or is gone. */
  readonly isCancelled: () => boolean;
  /** Sends a response, with a data set where one is given. Resolves when more may be sent; does nothing once the peer is gone. */
  respond(response: CommandSet, data?: DataSource): Promise<void>;
}

/** The work on one request. */
export interface Exchange {
  /** A piece of the request's data set, a view that nobody changes afterwards. A promise is back-pressure. Never throws or rejects: a
   * failure waits for `finish`. */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** The request is complete: does the work and sends every response. Where it throws, the association is aborted. */
  finish(): Promise<void>;
  /** The peer is gone, or asks for release, before the request was complete. Never throws. */
  abort(): Promise<void>;
}

export interface Service {
  /** Command field of the requests it serves: see `CommandField`. */
  readonly command: number;
  /** SOP classes it serves; all of the command where absent. */
  serves?(sopClassUid: string): boolean;
  /** It makes requests of its own while it works on one: a further request of the peer would stand before the responses to these, and
   * ends the association. */
  readonly asksPeer?: boolean;
  /** @param peer what may be asked of the peer on the same association, by services that `asksPeer`: sub-operations (PS3.7 9.1.3) */
  begin(request: Request, peer: PeerOperations): Exchange;
}

export interface ServiceRegistry {
  find(command: CommandSet): Service | undefined;
}

/** The first service in the list that serves the command and its SOP class is taken. */
export function createServiceRegistry(services: readonly Service[]): ServiceRegistry {
  const byCommand = new Map<number, Service[]>();
  for (const service of services) {
    byCommand.set(service.command, [...(byCommand.get(service.command) ?? []), service]);
  }
  return {
    find(command) {
      const sopClassUid = sopClassOf(command);
      return byCommand.get(command.CommandField)?.find((service) => service.serves?.(sopClassUid) ?? true);
    },
  };
}

/** SOP class that a command is about; '' where it names none. */
export function sopClassOf(command: CommandSet): string {
  return command.AffectedSOPClassUID ?? command.RequestedSOPClassUID ?? '';
}
