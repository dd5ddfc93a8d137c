// One life of the process: reads the configuration, runs the server, restarts or ends it when asked to.
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Configuration, ConfigurationError, defaultFile, loadConfiguration } from '../config/index.ts';
import { openApi } from '../http/index.ts';
import { errorKinds, PharosError, type Settings } from '../model/index.ts';
import { compatibleVersion, pharosVersion, routesFor } from '../rest/index.ts';
import { type CommandLine, helpText, parseCommandLine } from './command-line.ts';
import { createLog } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { createServer, type PharosServer } from './server.ts';

/** The process around it; tests give another. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  printError(text: string): void;
  /** Calls back for SIGTERM and SIGINT ('end') and SIGHUP ('restart'). */
  onSignal(receive: (wish: 'end' | 'restart') => void): void;
}

/** What to do when the server is asked to go. */
type Wish = 'end' | 'restart';

function logStream({ logFile, logFolder }: CommandLine) {
  if (logFile !== undefined) return createWriteStream(logFile, { flags: 'a' });
  if (logFolder === undefined) return undefined;
  mkdirSync(logFolder, { recursive: true });
  const time = new Date().toISOString().replace(/[-:]|\..*/g, '');
  return createWriteStream(join(logFolder, `Pharos.log.${time}.${process.pid}`), { flags: 'a' });
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

/** Runs until somebody wishes otherwise; has closed everything when it resolves. */
async function serve(commandLine: CommandLine, surroundings: Surroundings, wishes: Wishes): Promise<Wish> {
  const configuration: Configuration = loadConfiguration({
    paths: commandLine.paths,
    environment: surroundings.environment,
  });
  const { settings, warnings } = configuration;
  const metrics = createMetrics(settings.MetricsEnabled);
  const stream = logStream(commandLine);
  const log = createLog({
    ...commandLine,
    stream,
    readable: stream === undefined && process.stderr.isTTY === true,
    counted: (kind) => metrics.add(`orthanc_logged_${kind}s_count`, 1),
  });
  for (const warning of warnings) log.of('generic').warn(warning);
  const wish = wishes.next();
  const lifecycle = { shutdown: () => wishes.make('end'), reset: () => wishes.make('restart') };
  const server = await createServer(settings, { log, metrics, lifecycle });
  surroundings.print(whereItListens(server, settings));
  const wished = await wish;
  await server.close();
  stream?.end();
  return wished;
}

/** Wishes come from signals and from REST; only the first counts until it is fulfilled. */
interface Wishes {
  make(wish: Wish): void;
  next(): Promise<Wish>;
}

function createWishes(): Wishes {
  let fulfil: ((wish: Wish) => void) | undefined;
  let early: Wish | undefined;
  return {
    make(wish) {
      if (fulfil) fulfil(wish);
      else early = wish;
    },
    next: () =>
      new Promise((resolve) => {
        fulfil = resolve;
        if (early) resolve(early);
        early = undefined;
      }),
  };
}

async function serveUntilEnd(commandLine: CommandLine, surroundings: Surroundings): Promise<void> {
  const wishes = createWishes();
  surroundings.onSignal((wish) => wishes.make(wish));
  while ((await serve(commandLine, surroundings, wishes)) === 'restart') surroundings.print('Restarting.\n');
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

function explained(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof PharosError) return error.message;
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
