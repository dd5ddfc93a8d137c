// What the server can do as a DICOM application entity, from the registry that the network itself uses and the settings of the moment.
import { storageSopClasses, transferSyntaxes, uidName } from '@pharos/dicom';
import {
  allDicomServices,
  commandSyntaxes,
  type DicomRole,
  type DicomService,
  dicomServices,
  type Settings,
} from '../model/index.ts';
import type { LiveSettings } from '../services/index.ts';

interface Entry {
  readonly name: string;
  readonly uid: string;
}

type ConformanceSettings = Pick<Settings, 'DicomAet' | 'DicomServerEnabled' | 'DicomTlsEnabled'>;

function titled(title: string, rule: string): string {
  const line = rule.repeat(title.length);
  return `${line}\n${title}\n${line}\n`;
}

function table(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length), 0);
  return entries.map(({ name, uid }) => `  ${name.padEnd(width)} | ${uid}\n`).join('');
}

function section(title: string, text: string, entries: readonly Entry[]): string {
  return `${titled(title, '-')}\n${text}\n${entries.length > 0 ? `\n${table(entries)}` : ''}`;
}

const keywords: ReadonlyMap<string, string> = new Map(
  [...storageSopClasses, ...transferSyntaxes].map(({ uid, keyword }) => [uid, keyword]),
);

const entryOf = (uid: string): Entry => ({ name: keywords.get(uid) ?? uidName(uid) ?? '', uid });

function commandSection({ name, commands, sopClasses, condition }: DicomService, role: DicomRole): string {
  const title = `${name} (${commands.join(', ')}) as ${role}`;
  const syntaxes = role === 'SCP' ? commandSyntaxes.accepted : commandSyntaxes.proposed;
  const named = syntaxes.map((uid) => uidName(uid) ?? uid).join(', ');
  const text =
    role === 'SCP'
      ? `Accepted${condition ? ` ${condition}` : ''}, in the first that is proposed of: ${named}.`
      : `Requested in one presentation context that proposes: ${named}.`;
  return section(title, text, sopClasses.map(entryOf));
}

function storageSection(live: LiveSettings, role: DicomRole): string {
  const { name, commands, sopClasses } = dicomServices.storage;
  const title = `${name} (${commands.join(', ')}) as ${role}`;
  if (role === 'SCU') {
    return section(title, 'Stored files are sent with the SOP class that they have, whichever it is.', []);
  }
  const accepted = sopClasses.filter((uid) => live.isSopClassAccepted(uid)).map(entryOf);
  const unknown = live.unknownSopClassAccepted() ? ' SOP classes that are not known are accepted too.' : '';
  return section(title, `Accepted for these SOP classes.${unknown}`, accepted);
}

/** Plain text. */
export function conformanceStatement(live: LiveSettings, settings: ConformanceSettings): string {
  const { DicomAet, DicomServerEnabled, DicomTlsEnabled } = settings;
  const services = allDicomServices.flatMap((service) =>
    service.roles.map((role) =>
      service === dicomServices.storage ? storageSection(live, role) : commandSection(service, role),
    ),
  );
  const listening = DicomServerEnabled
    ? `Associations are accepted ${DicomTlsEnabled ? 'over TLS only' : 'without encryption'}.`
    : 'The DICOM server is switched off (DicomServerEnabled): nothing is accepted, the services as SCU work.';
  return [
    titled(`DICOM conformance statement of Pharos (application entity ${DicomAet})`, '='),
    `${listening}\n`,
    ...services,
    section(
      'Transfer syntaxes of storage',
      'As SCP, the first transfer syntax that is proposed and stands here is accepted for storage:',
      transferSyntaxes.filter(({ uid }) => live.isTransferSyntaxAccepted(uid)).map(({ uid }) => entryOf(uid)),
    ),
  ].join('\n');
}
