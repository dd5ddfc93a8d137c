// What the server can do as a DICOM application entity, made from the registries that the network itself uses (PS3.2).
import { storageSopClasses, transferSyntaxes } from '@pharos/dicom';
import type { LiveSettings } from '../services/index.ts';

const verification = { keyword: 'VerificationSOPClass', uid: '1.2.840.10008.1.1' };

interface Entry {
  readonly keyword: string;
  readonly uid: string;
}

function section(title: string, text: string, entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ keyword }) => keyword.length), 0);
  const line = '-'.repeat(title.length);
  const list = entries.map(({ keyword, uid }) => `  ${keyword.padEnd(width)} | ${uid}`).join('\n');
  return `${line}\n${title}\n${line}\n\n${text}\n\n${list}\n`;
}

/** Plain text. */
export function conformanceStatement(live: LiveSettings, aet: string): string {
  const classes = storageSopClasses.filter(({ uid }) => live.isSopClassAccepted(uid));
  const syntaxes = transferSyntaxes.filter(({ uid }) => live.isTransferSyntaxAccepted(uid));
  const unknown = live.unknownSopClassAccepted() ? ' SOP classes that are not known are accepted too.' : '';
  const title = `DICOM conformance statement of Pharos (application entity ${aet})`;
  const line = '='.repeat(title.length);
  return [
    `${line}\n${title}\n${line}\n`,
    section('C-ECHO as SCP and SCU', 'Verification is accepted and requested for:', [verification]),
    section('C-STORE as SCP', `Storage is accepted for these SOP classes.${unknown}`, classes),
    section('C-STORE as SCU', 'Stored files are sent with their own SOP class, one of:', classes),
    section(
      'Transfer syntaxes',
      'Of the proposed transfer syntaxes, the first of these is accepted for storage:',
      syntaxes,
    ),
  ].join('\n');
}
