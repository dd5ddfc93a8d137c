// Lines of the log for what happens to associations. Titles come from strangers: they were checked for control characters.
import { type CommandSet, formatStatus, type PeerIdentity, type ScpEvent } from '@pharos/dimse';
import type { Logger } from '../ports/index.ts';

export function createEventLog(log: Logger): (event: ScpEvent) => void {
  return (event) => {
    const [level, message] = lineOf(event);
    log[level](message);
  };
}

function lineOf(event: ScpEvent): readonly ['error' | 'warn' | 'info', string] {
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
