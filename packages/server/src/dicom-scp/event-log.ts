// Lines of the log for what happens to associations. Titles come from strangers: they were checked for control characters.
import { type CommandSet, formatStatus, type PeerIdentity, type ScpEvent } from '@pharos/dimse';
import type { Logger } from '../ports/index.ts';

type Level = 'error' | 'warn' | 'info';

export interface EventLogOptions {
  /** Lines about one kind of event from one address that are written within a minute. */
  readonly linesAMinute?: number;
}

const minute = 60_000;
/** Of more addresses at the same time, those that came last share their lines. */
const keptSources = 1_000;

interface Source {
  lines: number;
  /** Those that were not written. */
  held: number;
}

/** A peer that tries again and again, or attacks, does not fill the log: what is left out is counted, and told at the end of the minute, if the
 * server still runs then. */
export function createEventLog(log: Logger, { linesAMinute = 20 }: EventLogOptions = {}): (event: ScpEvent) => void {
  const sources = new Map<string, Source>();

  function sourceOf(kind: ScpEvent['kind'], address: string, level: Level): Source {
    const from = sources.size < keptSources || sources.has(`${kind} ${address}`) ? address : 'many addresses';
    const name = `${kind} ${from}`;
    const known = sources.get(name);
    if (known) return known;
    const source = { lines: 0, held: 0 };
    sources.set(name, source);
    const tell = (): void => {
      sources.delete(name);
      if (source.held > 0) log[level](`${source.held} more of the kind "${kind}" from ${from} within a minute`);
    };
    setTimeout(tell, minute).unref();
    return source;
  }

  return (event) => {
    const [level, message] = lineOf(event);
    if (level === 'info') return log.info(message);
    const source = sourceOf(event.kind, addressOf(event), level);
    if (source.lines >= linesAMinute) source.held += 1;
    else {
      source.lines += 1;
      log[level](message);
    }
  };
}

function addressOf(event: ScpEvent): string {
  if ('association' in event) return event.association.remoteAddress;
  if ('peer' in event) return event.peer.remoteAddress;
  return event.remoteAddress ?? 'unknown addresses';
}

function lineOf(event: ScpEvent): readonly [Level, string] {
  switch (event.kind) {
    case 'accepted':
      return [
        'info',
        `Association accepted from ${nameOf(event.association)}, ${event.association.contexts.size} contexts`,
      ];
    case 'rejected':
      return ['warn', `Association rejected from ${nameOf(event.peer)}: ${event.reason}`];
    case 'dropped':
      return ['error', `Connection from ${event.remoteAddress} dropped: its calling AET is not valid`];
    case 'limit':
      return ['warn', `Association from ${event.remoteAddress} rejected: too many associations`];
    case 'crowded':
      return [
        'warn',
        `Too many connections on the DICOM port, the latest from ${event.remoteAddress}: the oldest silent ones are closed`,
      ];
    case 'fault':
      return ['error', `${faultOf(event.remoteAddress)} failed unexpectedly: ${messageOf(event.error)}`];
    case 'released':
      return ['info', `Association released by ${nameOf(event.association)}`];
    case 'timeout':
      return ['info', `Association with ${nameOf(event.association)} aborted: no command within DicomScpTimeout`];
    case 'aborted':
      return ['info', `Association with ${nameOf(event.association)} ended: ${event.cause.message}`];
    case 'refused':
      return ['warn', `${requestOf(event)} refused: the AET is not in DicomModalities or not allowed this there`];
    case 'unsupported':
      return ['error', `${requestOf(event)} ignored: not supported`];
    case 'failed':
      return ['error', `${requestOf(event)} failed: ${messageOf(event.error)}`];
  }
}

function faultOf(remoteAddress: string | undefined): string {
  return remoteAddress === undefined ? 'Taking a connection' : `Connection from ${remoteAddress}`;
}

function requestOf(event: { readonly association: PeerIdentity; readonly command: CommandSet }): string {
  return `Command ${formatStatus(event.command.CommandField)} of ${nameOf(event.association)}`;
}

function nameOf(peer: PeerIdentity): string {
  return `AET "${peer.callingAet}" on ${peer.remoteAddress}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
