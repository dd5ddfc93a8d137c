// One life of the process: reads the configuration, runs the server, restarts or ends it when asked to.
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Configuration, ConfigurationError, defaultFile, loadConfiguration } from '../config/index.ts';
import { openApi } from '../http/index.ts';
import { errorKinds, PharosError, type Settings } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import { compatibleVersion, pharosVersion, routesFor } from '../rest/index.ts';
import { type CommandLine, helpText, parseCommandLine } from './command-line.ts';
import { type LogFile, newLogPath, openLogFile } from './log-file.ts';
import { createLog } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { createServer, type PharosServer } from './server.ts';

/** The process around it; tests give another. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  printError(text: string): void;
  /** Calls back for SIGTERM and SIGINT ('end') and SIGHUP ('reload'). */
  onSignal(receive: (wish: 'end' | 'reload') => void): void;
}

/** What the server is asked: to end, to start again, or to start again where its configuration has changed (SIGHUP). */
type Wish = 'end' | 'restart' | 'reload';

function logFile(commandLine: CommandLine, surroundings: Surroundings): LogFile | undefined {
  const path = commandLine.logFile ?? (commandLine.logFolder && newLogPath(commandLine.logFolder, new Date()));
  return path === undefined ? undefined : openLogFile(path, surroundings.printError);
}

function whereItListens(server: PharosServer, settings: Settings): string {
  const lines = [`Pharos ${pharosVersion} is running (compatible with Orthanc ${compatibleVersion}).`];
  if (server.httpPort !== undefined) {
    const scheme = settings.SslEnabled ? 'https' : 'http';
    const reach = settings.RemoteAccessAllowed ? 'from everywhere' : 'from this machine only';
    lines.push(`  REST API and web page: ${scheme}://localhost:${server.httpPort}/ (${reach})`);
  }
  if (server.dicomPort !== undefined) lines.push(`  DICOM: ${settings.DicomAet} on port ${server.dicomPort}`);
  lines.push(`  Files: ${settings.StorageDirectory}`);
  return `${lines.join('\n')}\n`;
}

function errorTable(): string {
  const rows = Object.entries(errorKinds).map(
    ([name, { orthancStatus, httpStatus, message }]) =>
      `${String(orthancStatus).padStart(5)}  ${httpStatus}  ${name}: ${message}`,
  );
  return `${rows.join('\n')}\n`;
}

function print(surroundings: Surroundings, target: string | undefined, text: string): void {
  if (target === undefined) surroundings.print(text);
  else writeFileSync(target, text);
}

function openApiText(settings: Settings): string {
  const info = { title: 'Pharos', version: pharosVersion, description: `Compatible with Orthanc ${compatibleVersion}` };
  return `${JSON.stringify(openApi(routesFor(settings), info), null, 2)}\n`;
}

/** Waits for a wish that can be fulfilled: without a configuration that can be read, the server had better go on. */
async function wishToGo(wishes: Wishes, current: Settings, load: () => Configuration, log: Logger): Promise<Wish> {
  for (;;) {
    const wish = await wishes.next();
    if (wish === 'end') return wish;
    try {
      const { settings } = load();
      if (wish === 'restart' || !isDeepStrictEqual(settings, current)) return wish;
      log.warn('SIGHUP is ignored: the configuration has not changed');
    } catch (error) {
      log.error(`The server goes on as it is, because it could not start again: ${explained(error)}`);
    }
  }
}

/** Runs until somebody wishes otherwise; has closed everything when it resolves. */
async function serve(commandLine: CommandLine, surroundings: Surroundings, wishes: Wishes): Promise<Wish> {
  const load = () => loadConfiguration({ paths: commandLine.paths, environment: surroundings.environment });
  const { settings, warnings, values } = load();
  const metrics = createMetrics(settings.MetricsEnabled);
  const file = logFile(commandLine, surroundings);
  try {
    const log = createLog({
      ...commandLine,
      stream: file,
      readable: file === undefined && process.stderr.isTTY === true,
      counted: (kind) => metrics.add(`orthanc_logged_${kind}s_count`, 1),
    });
    for (const warning of warnings) log.of('generic').warn(warning);
    const lifecycle = { shutdown: () => wishes.make('end'), reset: () => wishes.make('restart') };
    const { forgetsJobs } = commandLine;
    const server = await createServer(settings, { log, metrics, lifecycle, forgetsJobs, configuration: values });
    surroundings.print(whereItListens(server, settings));
    const wish = await wishToGo(wishes, settings, load, log.of('generic'));
    await server.close();
    return wish;
  } finally {
    file?.close();
  }
}

/** Wishes come from signals and from REST. One that comes while another is fulfilled waits, and an end outranks a restart. */
interface Wishes {
  make(wish: Wish): void;
  next(): Promise<Wish>;
}

function createWishes(): Wishes {
  let waiting: Wish | undefined;
  let take: ((wish: Wish) => void) | undefined;
  const deliver = () => {
    if (!waiting || !take) return;
    take(waiting);
    waiting = undefined;
    take = undefined;
  };
  return {
    make(wish) {
      if (waiting !== 'end') waiting = wish;
      deliver();
    },
    next: () =>
      new Promise((resolve) => {
        take = resolve;
        deliver();
      }),
  };
}

async function serveUntilEnd(commandLine: CommandLine, surroundings: Surroundings): Promise<void> {
  const wishes = createWishes();
  surroundings.onSignal((wish) => wishes.make(wish));
  while ((await serve(commandLine, surroundings, wishes)) !== 'end') surroundings.print('Restarting.\n');
}

async function act(commandLine: CommandLine, surroundings: Surroundings): Promise<void> {
  switch (commandLine.action) {
    case 'help':
      return surroundings.print(helpText);
    case 'version':
      return surroundings.print(`Pharos ${pharosVersion} (compatible with Orthanc ${compatibleVersion})\n`);
    case 'errors':
      return surroundings.print(errorTable());
    case 'print-configuration':
      return print(surroundings, commandLine.target, defaultFile());
    case 'print-openapi':
      return print(surroundings, commandLine.target, openApiText(loadConfiguration().settings));
    case 'run':
      return serveUntilEnd(commandLine, surroundings);
  }
}

/** The stack only of what nobody expected; an error with a code comes from the system and says enough. */
function explained(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof PharosError) return error.message;
  if (error instanceof Error && 'code' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The exit code of the process. */
export async function run(surroundings: Surroundings): Promise<number> {
  try {
    await act(parseCommandLine(surroundings.args), surroundings);
    return 0;
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    surroundings.printError(`Pharos cannot run: ${isUsage ? `${error.message}\nTry --help.` : explained(error)}\n`);
    return 1;
  }
}
