// TCP connections (PS3.8 9.1). Nagle's algorithm is off: a PDU must not wait for an acknowledgement. What is written in one turn of the
// event loop, such as the answers that were found together, goes out in one go.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Connection, ConnectOptions, Listening, ListenOptions, Transport } from '../upper-layer/index.ts';

/** Milliseconds of silence after which a peer is asked whether it is still there. */
const keepAliveDelay = 60_000;

/** Connections that wait to be taken, where the system has no lower bound: one more is dropped, and its peer tries again after a second,
 * then after three. A storm of strangers must not do that to a modality. */
const waitingConnections = 4096;

export const tcpTransport: Transport = { connect: connectTcp, listen: listenTcp };

/** A socket as the upper layer sees it. */
/** IPv4 as such also where the socket takes both; undefined once the peer is gone. */
export function addressOf(socket: Socket): string | undefined {
  return socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '');
}

export function connectionOf(socket: Socket): Connection {
  socket.setNoDelay(true);
  return {
    remoteAddress: addressOf(socket) ?? '',
    start(events) {
      let failure: Error | undefined;
      socket.on('data', events.data);
      socket.on('error', (error) => {
        failure = error;
      });
      socket.once('close', () => events.closed(failure));
    },
    write: writerOf(socket),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => socket.destroySoon(),
    destroy() {
      // What was written before goes out as far as the system takes it at once.
      socket.uncork();
      socket.destroy();
    },
  };
}

function writerOf(socket: Socket): Connection['write'] {
  /** All writes until the next drain wait for the same. */
  let drained: Promise<void> | undefined;
  const untilDrained = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        drained = undefined;
        resolve();
      };
      socket.once('drain', done);
      socket.once('close', done);
    });
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    socket.uncork();
  };
  return (chunks) => {
    if (!socket.writable) return undefined;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      process.nextTick(uncork);
    }
    for (const chunk of chunks) socket.write(chunk);
    // So it is from the high water mark on, which is `networkBufferBytes` for sockets.
    if (!socket.writableNeedDrain) return undefined;
    drained ??= untilDrained();
    return drained;
  };
}

function connectTcp({ host, port, timeout }: ConnectOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const timer =
      timeout > 0
        ? setTimeout(() => socket.destroy(new Error(`no connection within ${timeout} ms`)), timeout)
        : undefined;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(connectionOf(socket));
    });
  });
}

function listenTcp(
  listen: ListenOptions,
  arrive: (connection: Connection) => void,
  failed: (error: Error) => void = () => {},
): Promise<Listening> {
  const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelay };
  const server = createServer(options, (socket) => arrive(connectionOf(socket)));
  return listenOn(server, listen, failed);
}

/** @throws Error where the address is taken */
export function listenOn(
  server: Server,
  { host, port, maximumConnections }: ListenOptions,
  failed: (error: Error) => void,
): Promise<Listening> {
  if (maximumConnections !== undefined) server.maxConnections = maximumConnections;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: waitingConnections }, () => {
      server.off('error', reject);
      server.on('error', failed);
      const address = server.address();
      resolve({
        port: isAddress(address) ? address.port : port,
        close: () => new Promise((closed) => void server.close(() => closed())),
      });
    });
  });
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return address !== null && typeof address === 'object';
}
