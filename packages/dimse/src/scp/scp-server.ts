// The acceptor of associations: lets peers in, negotiates, serves their requests. Each association is served on its own; none waits
// for another.
import { largestMaximumPdu, smallestMaximumPdu } from '../pdu/index.ts';
import { type Connection, type Listening, systemTimers, type Timers } from '../upper-layer/index.ts';
import type { ScpServerOptions } from './scp-options.ts';
import { createServiceRegistry } from './service.ts';
import { createSession, type Door, type Session } from './session.ts';

export interface ScpServer {
  /** @throws Error where the port is taken */
  listen(port: number, host?: string): Promise<{ readonly port: number }>;
  /** Associations that are established. */
  readonly associations: number;
  /** Lets nobody in any more, finishes the requests that are being worked on (at most `grace` milliseconds, 10 seconds by default),
   * then ends every association. */
  close(grace?: number): Promise<void>;
}

const defaultGrace = 10_000;
/** Unless told otherwise, connections for each association. */
const connectionsAnAssociation = 16;
/** What is closed is not gone at once. */
const connectionsOnTheirWayOut = 64;
/** For a peer to read that its association is over, when the server closes. */
const farewell = 1000;

export function createScpServer(options: ScpServerOptions): ScpServer {
  const sessions = new Set<Session>();
  const timers = options.timers ?? systemTimers;
  const limit = options.maximumAssociations ?? 500;
  let listening: Listening | undefined;
  let isClosing = false;
  const connectionLimit = options.maximumConnections ?? limit * connectionsAnAssociation;
  let isCrowded = false;
  const limitOfPeer = options.maximumAssociationsOfPeer ?? limit;
  const established = (): number => [...sessions].filter((session) => session.isEstablished).length;
  const establishedWith = (address: string): number =>
    [...sessions].filter((session) => session.isEstablished && session.remoteAddress === address).length;
  const door: Door = {
    options: { ...options, maximumPduLength: announcedMaximum(options.maximumPduLength) },
    registry: createServiceRegistry(options.services),
    timers,
    isFull: (remoteAddress) => isClosing || established() >= limit || establishedWith(remoteAddress) >= limitOfPeer,
  };

  /** Whoever has been here longest without an association gives way. False where all have one. */
  const makeRoom = (): boolean => {
    for (const session of sessions) {
      if (session.isEstablished) continue;
      sessions.delete(session);
      session.destroy();
      return true;
    }
    return false;
  };

  const noteCrowd = (remoteAddress: string): void => {
    if (sessions.size < connectionLimit / 2) isCrowded = false;
    if (isCrowded || sessions.size < connectionLimit) return;
    isCrowded = true;
    options.observe?.({ kind: 'crowded', remoteAddress });
  };

  const arrive = (connection: Connection): void => {
    // Silent connections are cheap but not free.
    noteCrowd(connection.remoteAddress);
    const isRoom = sessions.size < connectionLimit || makeRoom();
    if (isClosing || !isRoom) {
      connection.destroy();
      return;
    }
    const session = createSession(connection, door);
    sessions.add(session);
    session.gone.then(() => sessions.delete(session));
  };

  return {
    get associations() {
      return established();
    },
    async listen(port, host) {
      const failed = (error: Error, remoteAddress?: string): void =>
        options.observe?.({ kind: 'fault', error, remoteAddress });
      listening = await options.transport.listen(
        { port, host, maximumConnections: connectionLimit + connectionsOnTheirWayOut },
        arrive,
        failed,
      );
      return { port: listening.port };
    },
    async close(grace = defaultGrace) {
      isClosing = true;
      const closed = listening?.close();
      const ended = [...sessions].map(async (session) => {
        await withinTime(timers, grace, session.idle());
        session.end();
        await withinTime(timers, farewell, session.gone);
        session.destroy();
        await session.gone;
      });
      await Promise.all([closed, ...ended]);
    },
  };
}

function announcedMaximum(length: number): number {
  return Math.min(Math.max(Math.trunc(length), smallestMaximumPdu), largestMaximumPdu);
}

async function withinTime(timers: Timers, milliseconds: number, wait: Promise<void>): Promise<void> {
  let cancel: () => void = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = timers.after(milliseconds, resolve);
  });
  await Promise.race([wait, late]);
  cancel();
}
