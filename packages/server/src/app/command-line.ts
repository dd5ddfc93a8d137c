// What the command line says. Orthanc's spellings are understood; those without a meaning here are accepted.
import { parseArgs } from 'node:util';
import { type LogCategory, type LogLevel, logCategories } from '../ports/index.ts';

export interface CommandLine {
  readonly action: 'run' | 'help' | 'version' | 'errors' | 'print-configuration' | 'print-openapi';
  /** Where the printed configuration or document goes; undefined is standard output. */
  readonly target: string | undefined;
  /** Configuration files and folders. */
  readonly paths: readonly string[];
  readonly level: LogLevel;
  readonly categories: Readonly<Partial<Record<LogCategory, LogLevel>>>;
  readonly logFile: string | undefined;
  readonly logFolder: string | undefined;
  /** The jobs of the last run are not gone on with. */
  readonly forgetsJobs: boolean;
}

export const helpText = `Usage: npm start -- [options] [configuration file or folder ...]

Without a configuration the server keeps its files in ./PharosStorage, serves its REST API
and web page to this machine at http://localhost:8042/, and receives DICOM on port 4242.

  --config=FILE           write a configuration file with every option explained, and end;
                          without FILE, print it
  --openapi=FILE          write the OpenAPI document of the REST API, and end
  --verbose, --trace      log more; --verbose-http or --trace-dicom for one category of
                          ${logCategories.join(', ')}
  --logfile=FILE          append the log to a file
  --logdir=FOLDER         write the log to a new file in a folder
  --no-jobs               forget the jobs that the last run left
  --errors                list the error numbers of the REST API, and end
  --version, --help

Any option of a configuration file may also come from the environment:
ORTHANC__DICOM_AET=MYPACS is the option DicomAet.
`;

const levels: readonly LogLevel[] = ['verbose', 'trace'];

const flags = [
  'help',
  'version',
  'errors',
  'verbose',
  'trace',
  'upgrade',
  'no-jobs',
  'logs-no-thread',
  'logs-no-context',
];
const texts = ['config', 'advanced-config', 'openapi', 'logfile', 'logdir'];

function optionTypes(): Record<string, { type: 'boolean' | 'string' }> {
  const ofCategories = levels.flatMap((level) => logCategories.map((category) => `${level}-${category}`));
  return Object.fromEntries([
    ...[...flags, ...ofCategories].map((name) => [name, { type: 'boolean' as const }]),
    ...texts.map((name) => [name, { type: 'string' as const }]),
  ]);
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function actionOf(values: Values): CommandLine['action'] {
  if (values.help) return 'help';
  if (values.version) return 'version';
  if (values.errors) return 'errors';
  if (values.openapi !== undefined) return 'print-openapi';
  return values.config !== undefined || values['advanced-config'] !== undefined ? 'print-configuration' : 'run';
}

function categoriesOf(values: Values): CommandLine['categories'] {
  const entries = levels.flatMap((level) =>
    logCategories.filter((category) => values[`${level}-${category}`]).map((category) => [category, level] as const),
  );
  return Object.fromEntries(entries);
}

const named = (value: string | boolean | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);

/** @param args without node and script. @throws Error that names an unknown option */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({ args: [...args], options: optionTypes(), allowPositionals: true });
  return {
    action: actionOf(values),
    target: named(values.config) ?? named(values['advanced-config']) ?? named(values.openapi),
    paths: positionals,
    level: values.trace ? 'trace' : values.verbose ? 'verbose' : 'default',
    categories: categoriesOf(values),
    logFile: named(values.logfile),
    logFolder: named(values.logdir),
    forgetsJobs: values['no-jobs'] === true,
  };
}
