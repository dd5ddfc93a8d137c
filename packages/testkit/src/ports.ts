// Ports for the servers of tests: free, and no other test's, in whatever process it runs.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Linux tells from where on it hands out ports to whoever listens on port 0 or connects; others begin above its default. */
const rangeOfSystem = '/proc/sys/net/ipv4/ip_local_port_range';
const usualFirst = 32_768;
const firstOfSystem = existsSync(rangeOfSystem) ? Number.parseInt(readFileSync(rangeOfSystem, 'utf8'), 10) : usualFirst;

const portCount = 10_000;
const lowestPort = 2000;
/** Where the system hands out nearly all ports by itself, those given here may be among them. */
export const systemGivesThemToo = firstOfSystem < lowestPort + portCount;
const endOfPorts = systemGivesThemToo ? usualFirst : Math.min(firstOfSystem, usualFirst);
const firstPort = endOfPorts - portCount;
const mostAttempts = 1000;

/**
 * A TCP port that nobody listens on. No test is given it again while this process lives: its UDP port is held meanwhile, which
 * no other process that asks here can then take.
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
