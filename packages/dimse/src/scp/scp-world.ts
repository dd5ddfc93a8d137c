// A server, a client and a peer that says what it likes, over one network. For tests.
import {
  type CommandSet,
  createMessageReader,
  createMessageWriter,
  isResponse,
  type MessageWriter,
} from '../messages/index.ts';
import { type AssociateRq, createPduReader, encodePdu } from '../pdu/index.ts';
import { type Association, openAssociation } from '../scu/index.ts';
import type { Connection, Transport } from '../upper-layer/index.ts';
import {
  chooseFirstProposed,
  createEchoService,
  createScpServer,
  createStoreService,
  type Request,
  type ScpEvent,
  type ScpServer,
  type ScpServerOptions,
  type StoreSink,
} from './index.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
export const echo = '1.2.840.10008.1.1';
const implicit = '1.2.840.10008.1.2';
const implementation = { classUid: '2.25.9', versionName: 'TEST' };

export interface ScpWorld {
  readonly transport: Transport;
  readonly server: ScpServer;
  readonly events: ScpEvent[];
  /** Resolves once the server has told of such an event. */
  told(kind: ScpEvent['kind']): Promise<void>;
  open(callingAet?: string): Promise<Association>;
}

export type ScpWorldSetup = Partial<ScpServerOptions> & { readonly begin?: (request: Request) => StoreSink };

/** A server that listens on port 104 of the network and accepts everything, changed by the set-up. */
export async function createScpWorld(
  transport: Transport,
  { begin, ...options }: ScpWorldSetup = {},
): Promise<ScpWorld> {
  const events: ScpEvent[] = [];
  let next = Promise.withResolvers<void>();
  const server = createScpServer({
    transport,
    implementation,
    maximumPduLength: 16384,
    contextRules: () => [{ matches: () => true, choose: chooseFirstProposed(() => true), roles: 'as-proposed' }],
    admit: () => 'accepted',
    authorise: () => true,
    services: [createEchoService(), createStoreService({ begin: begin ?? (() => createSink()) })],
    inactivityTimeout: 0,
    observe(event) {
      events.push(event);
      next.resolve();
      next = Promise.withResolvers();
    },
    ...options,
  });
  await server.listen(104);
  const open = (callingAet = 'PEER'): Promise<Association> =>
    openAssociation({
      transport,
      host: 'here',
      port: 104,
      callingAet,
      calledAet: 'PHAROS',
      contexts: [echo, ct].map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: [implicit] })),
      maximumPduLength: 16384,
      implementation,
      timeout: 5000,
    });
  const told = async (kind: ScpEvent['kind']): Promise<void> => {
    while (!kinds(events).includes(kind)) await next.promise;
  };
  return { transport, server, events, told, open };
}

/** A sink that stores nothing, successfully. */
export function createSink(change: Partial<StoreSink> = {}): StoreSink {
  return { push: () => undefined, finish: async () => 0, abort: async () => {}, ...change };
}

/** What `StoreOptions` asks for but the data. */
export const instance = { contextId: 3, sopClassUid: ct, sopInstanceUid: '2.25.1' };
export const kinds = (events: readonly ScpEvent[]): readonly string[] => events.map(({ kind }) => kind);

export interface RawPeer {
  readonly connection: Connection;
  readonly writer: MessageWriter;
  /** Kinds of control PDUs, responses by message ID and status, and what is wrong with anything else. */
  readonly told: string[];
  /** Every command that came. */
  readonly commands: CommandSet[];
}

/** A peer that says what it likes once its association is established. */
export async function createRawPeer(transport: Transport): Promise<RawPeer> {
  const connection = await transport.connect({ host: 'here', port: 104, timeout: 0 });
  const told: string[] = [];
  const commands: CommandSet[] = [];
  const reader = createMessageReader(() => true, {
    command(_contextId, command) {
      commands.push(command);
      if (isResponse(command)) told.push(`response ${command.MessageIDBeingRespondedTo}: ${command.Status}`);
      return undefined;
    },
    violation: (_reason, message) => void told.push(message),
  });
  const pdus = createPduReader(
    { associateBytes: 10_000, dataBytes: 16384 },
    {
      control: ({ kind }) => void told.push(kind),
      data() {},
      piece: (...piece) => reader.piece(...piece),
      malformed: ({ message }) => void told.push(message),
    },
  );
  connection.start({ data: (chunk) => void pdus.push(chunk), closed() {} });
  connection.write([encodePdu(request)]);
  while (told.length === 0) await new Promise(setImmediate);
  const writer = createMessageWriter({ peerMaximum: 16384, send: (chunks) => void connection.write(chunks) });
  return { connection, writer, told, commands };
}

const request: AssociateRq = {
  kind: 'A-ASSOCIATE-RQ',
  protocolVersion: 1,
  calledAet: 'PHAROS',
  callingAet: 'PEER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [{ id: 3, abstractSyntax: ct, transferSyntaxes: [implicit] }],
  user: { maximumPduLength: 16384, roles: [] },
};
