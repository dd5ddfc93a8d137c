// An acceptor that takes whatever is proposed and answers commands as a script says. For tests.
import {
  type CommandElements,
  type CommandSet,
  createMessageReader,
  createMessageWriter,
  noDataSet,
  responseTo,
  withDataSet,
} from '../messages/index.ts';
import { type AssociateRq, createPduReader, encodePdu } from '../pdu/index.ts';
import type { Connection, Transport } from '../upper-layer/index.ts';
import { type Association, type AssociationOptions, openAssociation } from './index.ts';

export const implicit = '1.2.840.10008.1.2';
export const ct = '1.2.840.10008.5.1.4.1.1.2';
export const findModel = '1.2.840.10008.5.1.4.1.2.2.1';

export interface Peer {
  readonly connection: Connection;
  /** Every command that came. */
  readonly commands: CommandSet[];
  /** Kinds of the other PDUs that came after the request. */
  readonly told: string[];
  send(command: CommandSet, data?: Iterable<Uint8Array>): Promise<void>;
  /** Answers a request, with a data set where one is given. */
  respond(request: CommandSet, status: number, data?: Uint8Array, extra?: CommandElements): Promise<void>;
}

export type Script = (command: CommandSet, peer: Peer) => unknown;

export interface ScriptedWorld {
  readonly association: Association;
  /** Resolves when the connection is gone; then everything the peer saw is known. */
  readonly gone: Promise<Peer>;
}

const contextId = 1;

/** Opens an association with a peer that listens on the network and follows the script. */
export async function openScripted(
  transport: Transport,
  script: Script,
  change: Partial<AssociationOptions> = {},
): Promise<ScriptedWorld> {
  const gone = Promise.withResolvers<Peer>();
  await transport.listen({ port: 104 }, (connection) => serve(connection, script, gone.resolve));
  const association = await openAssociation({
    transport,
    host: 'there',
    port: 104,
    callingAet: 'PHAROS',
    calledAet: 'PEER',
    contexts: [{ abstractSyntax: findModel, transferSyntaxes: [implicit] }],
    maximumPduLength: 16384,
    implementation: { classUid: '2.25.9', versionName: 'TEST' },
    timeout: 2000,
    artim: 20,
    ...change,
  });
  return { association, gone: gone.promise };
}

function serve(connection: Connection, script: Script, gone: (peer: Peer) => void): void {
  const writer = createMessageWriter({ peerMaximum: 16384, send: (chunks) => connection.write(chunks) });
  const peer: Peer = {
    connection,
    commands: [],
    told: [],
    send: (command, data) => writer.send(contextId, command, data),
    respond: (request, status, data, extra) =>
      writer.send(
        contextId,
        { ...responseTo(request, status), CommandDataSetType: data ? withDataSet : noDataSet, ...extra },
        data && [data],
      ),
  };
  const reader = createMessageReader(() => true, {
    command(_contextId, command) {
      peer.commands.push(command);
      script(command, peer);
      return undefined;
    },
    violation: (_reason, message) => void peer.told.push(message),
  });
  const pdus = createPduReader(
    { associateBytes: 100_000, dataBytes: 1 << 20 },
    {
      control(pdu) {
        if (pdu.kind === 'A-ASSOCIATE-RQ') connection.write([encodePdu(acceptanceOf(pdu))]);
        else peer.told.push(pdu.kind);
        if (pdu.kind === 'A-RELEASE-RQ') connection.write([encodePdu({ kind: 'A-RELEASE-RP' })]);
      },
      data() {},
      piece: (...piece) => reader.piece(...piece),
      malformed: ({ message }) => void peer.told.push(message),
    },
  );
  connection.start({ data: (chunk) => void pdus.push(chunk), closed: () => gone(peer) });
}

function acceptanceOf(request: AssociateRq): Parameters<typeof encodePdu>[0] {
  return {
    kind: 'A-ASSOCIATE-AC',
    protocolVersion: 1,
    calledAet: request.calledAet,
    callingAet: request.callingAet,
    applicationContext: request.applicationContext,
    contexts: request.contexts.map(({ id, transferSyntaxes: [first = implicit] }) => ({
      id,
      result: 0,
      transferSyntax: first,
    })),
    user: { maximumPduLength: 16384, roles: request.user.roles },
  };
}
