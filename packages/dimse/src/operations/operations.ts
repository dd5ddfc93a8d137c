// The DIMSE services that may be asked of a peer on an association (PS3.7 9.1, 10.1).
import type { AcceptedContext } from '../association-information.ts';
import {
  actionRequest,
  type CommandSet,
  type DataSource,
  echoRequest,
  eventReportRequest,
  findRequest,
  getRequest,
  type MoveOriginator,
  moveRequest,
  Status,
  type SubOperations,
  statusClassOf,
  storeRequest,
  subOperationsOf,
  verificationSopClass,
} from '../messages/index.ts';
import { AssociationError } from './association-error.ts';
import { type FindResponse, findResponses } from './find.ts';
import type { Requests } from './requests.ts';

export interface StoreOptions {
  readonly contextId: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** The data set in the transfer syntax of the context. Chunks must not be changed afterwards, but those that are lent. What is lent
   * is given back, whatever becomes of the request. */
  readonly data: DataSource;
  readonly priority?: number;
  readonly moveOriginator?: MoveOriginator;
}

export interface QueryOptions {
  readonly contextId: number;
  /** The information model. */
  readonly sopClassUid: string;
  /** In the transfer syntax of the context. */
  readonly identifier: DataSource;
  readonly priority?: number;
}

export interface RetrieveOptions extends QueryOptions {
  /** Told what each pending response says. */
  readonly progress?: (progress: SubOperations) => void;
}

export interface MoveOptions extends RetrieveOptions {
  /** AE title. */
  readonly destination: string;
  /** 1 to 65535, the next one of the association unless given: the peer repeats it in what it sends on behalf of the request. */
  readonly messageId?: number;
}

export interface RetrieveOutcome extends SubOperations {
  readonly status: number;
}

interface NormalisedOptions {
  readonly contextId: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Action or event information, in the transfer syntax of the context. */
  readonly information?: DataSource;
}

export interface ActionOptions extends NormalisedOptions {
  readonly actionTypeId: number;
}

export interface EventReportOptions extends NormalisedOptions {
  readonly eventTypeId: number;
}

/** One at a time. All but `findContext` and `cancel` throw AssociationError where no final response comes. */
export interface Operations {
  /** The first context that was accepted for the abstract syntax, and in that transfer syntax where one is given. */
  findContext(abstractSyntax: string, transferSyntax?: string): AcceptedContext | undefined;
  /** Makes any request: see `Requests.make`. */
  readonly request: Requests['make'];
  /** C-CANCEL of the query or retrieval that is under way; nothing where none is. */
  cancel(): void;
  /** C-ECHO; gives the status. */
  echo(): Promise<number>;
  /** C-STORE; gives the status. */
  store(options: StoreOptions): Promise<number>;
  /** C-FIND: the responses as they come. They wait in the network while they are not read. Begins with the first reading; leaving
   * early sends C-CANCEL and waits for the final response. */
  find(options: QueryOptions): AsyncGenerator<FindResponse, void, undefined>;
  /** C-MOVE. */
  move(options: MoveOptions): Promise<RetrieveOutcome>;
  /** C-GET: what comes goes to the C-STORE service among the services of the association; all of it is done when this resolves. */
  get(options: RetrieveOptions): Promise<RetrieveOutcome>;
  /** N-ACTION; gives the status. */
  action(options: ActionOptions): Promise<number>;
  /** N-EVENT-REPORT; gives the status. */
  eventReport(options: EventReportOptions): Promise<number>;
}

/** What a service may ask of the peer whose request it works on. */
export type PeerOperations = Pick<Operations, 'store' | 'eventReport'>;

/** The association numbers its requests. */
const messageId = 0;
const nothingYet: SubOperations = { remaining: 0, completed: 0, failed: 0, warning: 0 };

/** @param idle resolves when no request of the peer is being worked on here */
export function createOperations(
  contexts: ReadonlyMap<number, AcceptedContext>,
  requests: Requests,
  idle: () => Promise<void>,
): Operations {
  const findContext: Operations['findContext'] = (abstractSyntax, transferSyntax) => {
    for (const context of contexts.values()) {
      if (context.abstractSyntax !== abstractSyntax) continue;
      if (transferSyntax === undefined || context.transferSyntax === transferSyntax) return context;
    }
    return undefined;
  };

  const retrieve = async (command: CommandSet, options: RetrieveOptions): Promise<RetrieveOutcome> => {
    let counters = nothingYet;
    const final = await requests.make(options.contextId, command, options.identifier, (response) => {
      const isFinal = statusClassOf(statusOf(response)) !== 'pending';
      counters = subOperationsOf(response, counters, isFinal);
      if (!isFinal) options.progress?.(counters);
      return undefined;
    });
    return { ...counters, status: statusOf(final) };
  };

  return {
    findContext,
    request: requests.make,
    cancel: requests.cancel,
    async echo() {
      const context = findContext(verificationSopClass);
      if (!context) throw new AssociationError('no-context', 'No presentation context was accepted for C-ECHO');
      return statusOf(await requests.make(context.id, echoRequest(messageId)));
    },
    async store({ contextId, data, ...command }) {
      return statusOf(await requests.make(contextId, storeRequest({ messageId, ...command }), data));
    },
    find: ({ contextId, sopClassUid, identifier, priority }) =>
      findResponses(requests, contextId, findRequest({ messageId, sopClassUid, priority }), identifier),
    move: (options) => retrieve(moveRequest({ ...options, messageId: options.messageId ?? messageId }), options),
    async get(options) {
      try {
        return await retrieve(getRequest({ messageId, ...options }), options);
      } finally {
        await idle();
      }
    },
    async action({ contextId, information, ...command }) {
      const request = actionRequest({ messageId, hasInformation: information !== undefined, ...command });
      return statusOf(await requests.make(contextId, request, information));
    },
    async eventReport({ contextId, information, ...command }) {
      const request = eventReportRequest({ messageId, hasInformation: information !== undefined, ...command });
      return statusOf(await requests.make(contextId, request, information));
    },
  };
}

function statusOf(response: CommandSet): number {
  return response.Status ?? Status.processingFailure;
}
