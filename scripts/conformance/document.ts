// The DICOM conformance statement (PS3.2), written from the registry of services, the tables of the DICOM library and the options.
import { join } from 'node:path';
import { abilityOf, isNativeSyntax } from '../../packages/codecs/src/index.ts';
import {
  encodingNames,
  implementationClassUid,
  implementationVersionName,
  profileOptions,
  storageSopClasses,
  transferSyntaxes,
  uidName,
} from '../../packages/dicom/src/index.ts';
import { maximumContexts } from '../../packages/dimse/src/index.ts';
import { loadConfiguration } from '../../packages/server/src/config/index.ts';
import {
  allDicomServices,
  associationLimit,
  associationLimitOfPeer,
  commandSyntaxes,
  dicomServices,
} from '../../packages/server/src/model/index.ts';
import { blocks, list, table } from './markdown.ts';
import { queryKeys } from './query-keys.ts';
import { serviceSections } from './services.ts';

export const conformanceFile = join(import.meta.dirname, '..', '..', 'docs', 'conformance.md');

const defaults = loadConfiguration({ environment: {} }).settings;

const named = (uids: readonly string[]): string => uids.map((uid) => uidName(uid) ?? uid).join(', ');
const yes = (value: boolean): string => (value ? 'yes' : 'no');

function overview(): string {
  const rows = allDicomServices
    .filter((service) => service !== dicomServices.storage)
    .flatMap(({ sopClasses, roles, condition }) =>
      sopClasses.map((uid) => [
        uidName(uid) ?? '',
        uid,
        yes(roles.includes('SCU')),
        roles.includes('SCP') ? (condition ?? 'yes') : 'no',
      ]),
    );
  const storage = ['Storage, the SOP classes of [annex A](#annex-a-storage-sop-classes)', '', 'yes', 'yes'];
  return table(['SOP class', 'UID', 'As SCU', 'As SCP'], [...rows, storage]);
}

function policies(): string {
  const rows = [
    ['Application context name', '1.2.840.10008.3.1.1.1'],
    ['Implementation class UID', implementationClassUid],
    ['Implementation version name', implementationVersionName],
    [
      'Application entity title',
      `\`DicomAet\`, "${defaults.DicomAet}" unless set; as SCU the \`LocalAet\` of the modality outranks it`,
    ],
    ['Port', `\`DicomPort\`, ${defaults.DicomPort} unless set`],
    [
      'Largest PDU that is received',
      `\`MaximumPduLength\`, ${defaults.MaximumPduLength} bytes unless set (4096 to 131072)`,
    ],
    [
      'Associations as SCP at the same time',
      `${associationLimit}, ${associationLimitOfPeer} with one address; more are rejected as transient (local limit exceeded)`,
    ],
    ['Associations as SCU', 'one for each operation'],
    ['Presentation contexts of an association', String(maximumContexts)],
    ['Outstanding operations', 'one: no asynchronous operations window is negotiated'],
    [
      'Silence after which an association is aborted as SCP',
      `\`DicomScpTimeout\`, ${defaults.DicomScpTimeout} s unless set; 0 is never`,
    ],
    [
      'Time to wait as SCU',
      `\`DicomScuTimeout\`, ${defaults.DicomScuTimeout} s unless set; for a modality its \`Timeout\`; 0 is no limit`,
    ],
    ['Extended negotiation, user identity', 'not used; ignored where proposed'],
    ['SCP/SCU role selection', 'as proposed for storage and storage commitment, default for others'],
  ];
  return table(['Policy', 'Value'], rows);
}

function admission(): string {
  const commands = [
    ['C-ECHO', 'DicomAlwaysAllowEcho', defaults.DicomAlwaysAllowEcho],
    ['C-STORE', 'DicomAlwaysAllowStore', defaults.DicomAlwaysAllowStore],
    ['C-FIND', 'DicomAlwaysAllowFind', defaults.DicomAlwaysAllowFind],
    ['C-FIND of worklists', 'DicomAlwaysAllowFindWorklist', defaults.DicomAlwaysAllowFindWorklist],
    ['C-MOVE', 'DicomAlwaysAllowMove', defaults.DicomAlwaysAllowMove],
    ['C-GET', 'DicomAlwaysAllowGet', defaults.DicomAlwaysAllowGet],
  ] as const;
  return blocks(
    `The called title is checked with \`DicomCheckCalledAet\` only. A calling title that \`DicomModalities\` does not have is let in as long
as one of the options below is true. Each command is judged on its own: by the option, else by what \`DicomModalities\` allows to
the title, and to its address with \`DicomCheckModalityHost\`. A command that is not allowed aborts the association.`,
    table(
      ['Command', 'Option', 'Default'],
      commands.map(([command, option, value]) => [command, `\`${option}\``, String(value)]),
    ),
  );
}

function syntaxes(): string {
  return blocks(
    table(
      ['Role', 'Services', 'Transfer syntaxes'],
      [
        ['SCU', 'all but storage', `proposed in one presentation context: ${named(commandSyntaxes.proposed)}`],
        ['SCP', 'all but storage', `the first that is proposed of: ${named(commandSyntaxes.accepted)}`],
        [
          'SCP',
          'storage',
          'the first in the order of the peer that `AcceptedTransferSyntaxes` has; unless set, these:',
        ],
      ],
    ),
    `Instances in every one of these are stored and given back as they came. Frames are decoded for pictures and arrays, and instances
are written anew (\`?transcode=\`, \`IngestTranscoding\`, \`TranscodeDicomProtocol\`), where the table says so:`,
    table(
      ['Transfer syntax', 'UID', 'Decoded', 'Written'],
      transferSyntaxes.map(({ uid, keyword }) => {
        const { decodes, encodes } = abilityOf(uid);
        const isPlain = isNativeSyntax(uid);
        return [uidName(uid) ?? keyword, uid, yes(isPlain || decodes), yes(isPlain || encodes)];
      }),
    ),
  );
}

function characterSets(): string {
  return blocks(
    `All defined terms of Specific Character Set (PS3.3 C.12.1.1.2) are read, with code extensions by ISO 2022. A data set that names
none is read in \`DefaultEncoding\`, ${defaults.DefaultEncoding} unless set, and queries and answers are written in it:`,
    table(
      ['`DefaultEncoding`', 'Defined term'],
      Object.entries(encodingNames).map(([name, term]) => [name, term]),
    ),
  );
}

const security = `Without \`DicomTlsEnabled\` associations are not encrypted. With it, the server speaks TLS on its port and refuses plain associations;
as SCU it does so to modalities with \`UseDicomTls\`, and sends nothing to them in clear. \`DicomTlsCertificate\` and
\`DicomTlsPrivateKey\` identify this side, \`DicomTlsTrustedCertificates\` the others; \`DicomTlsRemoteCertificateRequired\` asks peers
for a certificate. With \`DicomTlsMinimumProtocolVersion\` 0 the profile is that of BCP 195 (PS3.15 B.9): TLS 1.2 and later.`;

const deidentification = `\`anonymize\` applies the Basic Application Level Confidentiality Profile (PS3.15 E): by \`DicomVersion\` as Orthanc does it (2008,
2017c, 2021b, 2023b), or \`current\`, in the edition of today, with the options that are asked for: ${profileOptions.join(', ')}.
Pixels are not cleaned. Private attributes are removed unless \`KeepPrivateTags\` is set. No identity is kept in Encrypted Attributes Sequence.`;

const media = `As File-set Creator Pharos makes file-sets with a DICOMDIR (PS3.10, PS3.3 F) inside a ZIP archive (\`media\`); it writes no physical
media. Files are in the transfer syntax in which they are stored, or in the one that is asked for (\`Transcode\`). As File-set Reader it
takes ZIP archives at \`POST /instances\`, and stores the files in them.`;

const limits = [
  'A data set is received as a stream: its length is bounded by `MaximumStorageSize` and the disk.',
  'Identifiers of queries: 1 MiB, 1000 keys of which 400 have a value.',
  'Answers of a query as SCP: `LimitFindResults` and `LimitFindInstances`.',
  'An association request: 256 KiB; a command set: 64 KiB.',
];

export function conformanceDocument(): string {
  return `${blocks(
    '# DICOM conformance statement of Pharos',
    `What Pharos does as a DICOM application entity, in the order of PS3.2. The tables come from the registry that negotiation itself
uses: this file is written by \`npm run conformance\`. A running server tells its own statement, with its settings, at
\`/tools/dicom-conformance\`. Words in \`code\` are options of the configuration.`,
    '## 1 Overview',
    overview(),
    `Not offered: the Patient/Study Only model (retired), modality performed procedure step, unified procedure step, print, extended
negotiation of relational queries and of fuzzy matching.`,
    '## 2 Application entity',
    `There is one application entity. As SCP it accepts associations on one port; as SCU it opens associations when a client of the REST
API asks for it, or when C-MOVE or storage commitment of a peer does.`,
    '### 2.1 Association policies',
    policies(),
    '### 2.2 Who is let in',
    admission(),
    '### 2.3 Transfer syntaxes',
    syntaxes(),
    '## 3 Services',
    serviceSections(3),
    '## 4 Query keys',
    queryKeys(),
    '## 5 Support of character sets',
    characterSets(),
    '## 6 Security',
    security,
    deidentification,
    '## 7 Media interchange',
    media,
    '## 8 Limits',
    list(limits),
    '## Annex A: storage SOP classes',
    `Accepted as SCP unless \`AcceptedSopClasses\` or \`RejectedSopClasses\` say otherwise; as SCU each instance is sent with the class that
it has. With \`UnknownSopClassAccepted\`, classes that are not listed here are accepted too.`,
    table(
      ['SOP class', 'UID'],
      storageSopClasses.map(({ uid, keyword }) => [uidName(uid) ?? keyword, uid]),
    ),
  )}\n`;
}
