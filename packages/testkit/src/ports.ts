// Ports for the servers of tests: free, and no other test's, in whatever process it runs.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that a system hands out by itself (Linux from 32768 on, others from 49152 on): who listens on port 0 or
 * connects to somewhere never comes by one of these before the server opens it.
 */
const firstPort = 20_000;
const endOfPorts = 32_768;
const mostAttempts = 1000;

/**
 * A TCP port that nobody listens on, for as long as this process lives: its UDP port is held meanwhile, which no other
 * process that asks here can then take.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const port = randomInt(firstPort, endOfPorts);
    const claim = createSocket('udp4').bind({ port, exclusive: true }).unref();
    if (!(await opened(claim))) continue;
    const server = createServer().listen(port);
    const free = await opened(server);
    if (free) await new Promise((resolve) => server.close(resolve));
    if (free) return port;
    claim.close();
  }
  throw new Error(`no port from ${firstPort} to ${endOfPorts - 1} is free after ${mostAttempts} attempts`);
}

function opened(socket: NodeJS.EventEmitter): Promise<boolean> {
  return once(socket, 'listening').then(
    () => true,
    () => false,
  );
}
