// Attacks a server and asks it for an echo once a second meanwhile.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { openAssociation, tcpTransport } from '@pharos/dimse';
import type { ServerProcess } from '@pharos/testkit';
import { attacks } from './attacks.ts';

export interface DrillOptions {
  readonly seconds: number;
  /** Connections that say nothing, all along. */
  readonly idle: number;
  readonly attackers: number;
  tell(line: string): void;
}

export interface DrillOutcome {
  /** Milliseconds. */
  readonly slowestEcho: number;
  readonly echoes: number;
  readonly attacks: number;
  /** MB. */
  readonly memory: { readonly before: number; readonly highest: number; readonly after: number };
  readonly faults: readonly string[];
}

const lateMs = 1000;
/** What its memory may differ by from one time to the next, in MB. */
const keptMb = 60;

async function echo(port: number): Promise<number> {
  const begun = performance.now();
  const association = await openAssociation({
    transport: tcpTransport,
    host: '127.0.0.1',
    port,
    callingAet: 'MODALITY',
    calledAet: 'ORTHANC',
    contexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
    maximumPduLength: 16384,
    implementation: { classUid: '1.2.3', versionName: 'DRILL' },
    timeout: 10_000,
  });
  const status = await association.echo();
  const took = performance.now() - begun;
  await association.release();
  if (status !== 0) throw new Error(`status ${status}`);
  return took;
}

/** A connection that says nothing, and comes again where it is closed. */
function idler(port: number, isOver: () => boolean): { end(): void } {
  let socket: Socket;
  const open = (): void => {
    socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (!isOver()) setTimeout(open, randomInt(100, 1000)).unref();
    });
    socket.resume();
  };
  open();
  return { end: () => socket.destroy() };
}

/** Until the attack was sent, or the server had enough of it. */
async function attack(port: number, pieces: Iterable<Uint8Array>): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) {
    if (socket.destroyed) break;
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
    else await new Promise(setImmediate);
  }
  // Some leave at once, others wait for what the server says.
  if (randomInt(2) === 0) await Promise.race([closed, wait(randomInt(1, 200))]);
  socket.destroy();
  await closed;
}

/** So many at a time: this process must answer too. */
const idleBatch = 100;

async function openIdlers(port: number, count: number, isOver: () => boolean): Promise<readonly { end(): void }[]> {
  const idlers: { end(): void }[] = [];
  while (idlers.length < count) {
    for (let more = Math.min(idleBatch, count - idlers.length); more > 0; more--) idlers.push(idler(port, isOver));
    await wait(10);
  }
  return idlers;
}

/** All of it once: what a process keeps of its first storm (compiled code, pages of its heap) is not what a leak is. */
async function warmUp(port: number, idle: number): Promise<void> {
  const idlers = await openIdlers(port, idle, () => true);
  for (const make of Object.values(attacks)) await attack(port, make());
  for (const one of idlers) one.end();
  await echo(port);
}

export async function runDrill(server: ServerProcess, options: DrillOptions): Promise<DrillOutcome> {
  const { seconds, idle, attackers, tell } = options;
  const { dicomPort: port } = server;
  await warmUp(port, idle);
  const end = performance.now() + seconds * 1000;
  const isOver = (): boolean => performance.now() >= end;
  const faults: string[] = [];
  let [echoes, slowestEcho, attacked, highest] = [0, 0, 0, 0];

  const before = (await server.memory()).rss;
  const idlers = await openIdlers(port, idle, isOver);
  tell(`${idle} idle connections, ${attackers} attackers, ${seconds} seconds; memory ${before.toFixed(0)} MB`);

  const attackOn = async (): Promise<void> => {
    const kinds = Object.values(attacks);
    while (!isOver()) {
      const make = kinds[randomInt(kinds.length)];
      if (make) await attack(port, make());
      attacked += 1;
    }
  };
  const echoOn = async (): Promise<void> => {
    while (!isOver()) {
      const next = wait(Math.min(1000, Math.max(50, seconds * 50)));
      try {
        const took = await echo(port);
        slowestEcho = Math.max(slowestEcho, took);
        if (took > lateMs) faults.push(`an echo took ${took.toFixed(0)} ms`);
      } catch (error) {
        faults.push(`an echo failed: ${error instanceof Error ? error.message : String(error)}`);
      }
      echoes += 1;
      highest = Math.max(highest, (await server.memory()).rss);
      if (echoes % 15 === 0) {
        const { rss } = await server.memory();
        tell(
          `${echoes} echoes, slowest ${slowestEcho.toFixed(0)} ms; ${attacked} attacks; memory ${rss.toFixed(0)} MB`,
        );
      }
      await next;
    }
  };
  await Promise.all([echoOn(), ...Array.from({ length: attackers }, attackOn)]);
  for (const one of idlers) one.end();

  const after = await settledMemory(server, before);
  if (after > before + keptMb) faults.push(`memory is ${after.toFixed(0)} MB, and was ${before.toFixed(0)} MB`);
  tell(
    `${echoes} echoes, slowest ${slowestEcho.toFixed(0)} ms; ${attacked} attacks; memory ${before.toFixed(0)} MB before, ` +
      `${highest.toFixed(0)} at most, ${after.toFixed(0)} after`,
  );
  return { slowestEcho, echoes, attacks: attacked, memory: { before, highest, after }, faults };
}

/** In quiet times the heap is collected and given back step by step. */
const quietSeconds = 90;

/** The figure once it has come down, or the lowest of a while. */
async function settledMemory(server: ServerProcess, before: number): Promise<number> {
  let lowest = (await server.memory()).rss;
  for (let second = 0; second < quietSeconds && lowest > before + keptMb; second++) {
    await wait(1000);
    lowest = Math.min(lowest, (await server.memory()).rss);
  }
  return lowest;
}
