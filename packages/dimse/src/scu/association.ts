// The requestor of associations (PS3.8 7.1, PS3.7 7.5.1): opens one, makes requests on it one after the other, releases it.
import type { AssociationInformation, Implementation } from '../association-information.ts';
import { createMessageReader, createMessageWriter, isResponse, type MessageReader } from '../messages/index.ts';
import {
  AssociationError,
  createOperations,
  createRequests,
  describeRejection,
  type Operations,
  type Requests,
} from '../operations/index.ts';
import type { AssociateAc, ProposedContext, RoleSelection } from '../pdu/index.ts';
import { createDispatcher, type Dispatcher } from '../scp/dispatcher.ts';
import { createServiceRegistry, type Service } from '../scp/service.ts';
import {
  type AbortCause,
  type Connection,
  createInactivityTimer,
  createUpperLayer,
  systemTimers,
  type Timers,
  type Transport,
} from '../upper-layer/index.ts';
import { acceptedContexts, requestOf } from './proposal.ts';

export interface AssociationOptions {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  readonly callingAet: string;
  readonly calledAet: string;
  /** At most 128; ids are given in this order: 1, 3, 5 ... */
  readonly contexts: readonly Omit<ProposedContext, 'id'>[];
  readonly roles?: readonly RoleSelection[];
  /** What is served to the peer on the same association, as C-GET asks for; other requests of the peer end the association. */
  readonly services?: readonly Service[];
  readonly maximumPduLength: number;
  readonly implementation: Implementation;
  /** Milliseconds for the connection, for each answer, and for each piece of what is sent; 0 is none. */
  readonly timeout: number;
  /** Milliseconds for the peer to close after the end; 30 seconds by default. */
  readonly artim?: number;
  readonly timers?: Timers;
}

/** An association that is established. Functions throw AssociationError once it is over. */
export interface Association extends AssociationInformation, Operations {
  /** Ends in good order; aborts where the peer does not answer in time. Never throws. */
  release(): Promise<void>;
  abort(): void;
}

const defaultArtim = 30_000;

/** Opens an association. @throws AssociationError where the peer cannot be reached, rejects, or is silent */
export async function openAssociation(options: AssociationOptions): Promise<Association> {
  const { transport, host, port, timeout } = options;
  let connection: Connection;
  try {
    connection = await transport.connect({ host, port, timeout });
  } catch (error) {
    throw new AssociationError('connect', `Cannot connect to ${host}:${port}: ${messageOf(error)}`, error);
  }
  return associate(connection, options);
}

function associate(connection: Connection, options: AssociationOptions): Promise<Association> {
  const timers = options.timers ?? systemTimers;
  const request = requestOf(options);
  return new Promise((resolve, reject) => {
    let reader: MessageReader | undefined;
    let requests: Requests | undefined;
    let dispatcher: Dispatcher | undefined;
    let isEnded = false;
    let released: () => void = () => {};

    /** Before the association is established whoever opens it is told, afterwards whoever makes a request. */
    const end = (reason: AssociationError): void => {
      isEnded = true;
      reader = undefined;
      reject(reason);
      requests?.end(reason);
      dispatcher?.close();
      released();
    };

    const stop = (reason: AssociationError): void => {
      end(reason);
      upperLayer.abort();
      upperLayer.close();
    };

    const silence = createInactivityTimer(timers, options.timeout, () =>
      stop(new AssociationError('timeout', `No answer within ${options.timeout} ms`)),
    );

    const upperLayer = createUpperLayer({
      connection,
      timers,
      request,
      artim: options.artim ?? defaultArtim,
      user: {
        associateConfirm(answer) {
          if (answer.kind === 'A-ASSOCIATE-RJ') end(new AssociationError('rejected', describeRejection(answer)));
          else resolve(establish(answer));
        },
        data: (contextId, control, bytes, isEnd) => reader?.piece(contextId, control, bytes, isEnd),
        releaseIndication() {
          // Where both asked at once (Sta9) the peer's answer is still to come, and waited for.
          if (upperLayer.state !== 'Sta9') end(new AssociationError('closed', 'The peer released the association'));
          upperLayer.respondToRelease();
        },
        releaseConfirm: () => released(),
        abortIndication: (cause) => end(new AssociationError(failureOf(cause), cause.message)),
        ended() {
          silence.stop();
          end(new AssociationError('closed', 'The association is closed'));
        },
      },
    });

    const establish = (answer: AssociateAc): Association => {
      const contexts = acceptedContexts(request, answer);
      silence.hold();
      const abort = (): void => stop(new AssociationError('aborted', 'The association was aborted here'));
      const writer = createMessageWriter({
        send: upperLayer.send,
        peerMaximum: answer.user.maximumPduLength,
        progress: silence.touch,
      });
      const making = createRequests({ writer, silence, timers, patience: options.timeout || defaultArtim, stop });
      requests = making;
      const { callingAet, calledAet } = options;
      const { remoteAddress } = connection;
      const information = { callingAet, calledAet, remoteAddress, contexts, peer: answer.user };
      const operations = createOperations(contexts, making, () => serving.idle());
      const serving = createDispatcher({
        association: information,
        peer: operations,
        registry: createServiceRegistry(options.services ?? []),
        writer,
        authorise: () => true,
        abort,
        violation: (message) => stop(new AssociationError('protocol', message)),
        unsupported: () => stop(new AssociationError('protocol', 'The peer made a request that is not served here')),
        failed: (_command, error) => end(new AssociationError('aborted', 'A request of the peer failed here', error)),
        busy: (isBusy) => (isBusy ? silence.hold() : silence.release()),
        touch: silence.touch,
      });
      dispatcher = serving;
      reader = createMessageReader((id) => contexts.has(id), {
        command: (contextId, command) =>
          isResponse(command) ? making.receive(command) : serving.command(contextId, command),
        violation: (reason, message) => upperLayer.fail(reason, message),
      });
      const release = async (): Promise<void> => {
        silence.stop();
        if (isEnded) return upperLayer.close();
        const confirmed = new Promise<void>((resolveConfirmed) => {
          released = resolveConfirmed;
        });
        const cancel = timers.after(options.timeout || defaultArtim, abort);
        // A request that the peer has begun is answered: afterwards nothing can be sent any more.
        await serving.idle();
        if (!isEnded) upperLayer.release();
        await confirmed;
        cancel();
        end(new AssociationError('closed', 'The association was released'));
      };
      return { ...information, ...operations, release, abort };
    };
  });
}

function failureOf(cause: AbortCause): 'closed' | 'protocol' | 'aborted' {
  if (cause.by === 'connection') return 'closed';
  return cause.by === 'provider' ? 'protocol' : 'aborted';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
