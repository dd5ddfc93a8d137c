// The log: lines of JSON, or readable ones on a terminal; levels by category, as Orthanc has them.
import { type Logger as PinoLogger, pino, stdSerializers } from 'pino';
import { type Log, type LogCategory, type Logger, type LogLevel, logCategories } from '../ports/index.ts';

const pinoLevels: Readonly<Record<LogLevel, string>> = { default: 'warn', verbose: 'info', trace: 'trace' };

export interface LogOptions {
  readonly level: LogLevel;
  /** Categories with a level of their own. */
  readonly categories?: Readonly<Partial<Record<LogCategory, LogLevel>>>;
  /** Where the lines go; standard error unless given. */
  readonly stream?: { write(line: string): void };
  readonly readable: boolean;
  /** Called for each warning and error, for the metrics. */
  readonly counted?: (level: 'warning' | 'error') => void;
}

interface Line {
  readonly time: string;
  readonly level: string;
  readonly category: string;
  readonly msg: string;
  readonly [fact: string]: unknown;
}

function isLine(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && 'msg' in value && 'category' in value;
}

const plain = new Set(['time', 'level', 'category', 'msg', 'error']);

/** Control characters as in JSON: what clients send can neither begin a line of its own nor command the terminal. */
function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function stackOf(error: unknown): string {
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? error.stack : undefined;
  return typeof stack === 'string' ? `\n    ${stack.split('\n').map(harmless).join('\n    ')}` : '';
}

/** A line of JSON made readable: time, level, category, message, facts. */
function readableLine(json: string): string {
  const line: unknown = JSON.parse(json);
  if (!isLine(line)) return json;
  const facts = Object.entries(line).filter(([name]) => !plain.has(name));
  const shown = facts
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  return `${line.time} ${line.level.toUpperCase().padEnd(5)} ${line.category}: ${harmless(line.msg + shown)}${stackOf(line.error)}\n`;
}

function loggerOver(target: PinoLogger, counted: LogOptions['counted']): Logger {
  return {
    error(message, facts = {}) {
      counted?.('error');
      target.error(facts, message);
    },
    warn(message, facts = {}) {
      counted?.('warning');
      target.warn(facts, message);
    },
    info: (message, facts = {}) => target.info(facts, message),
    trace: (message, facts = {}) => target.trace(facts, message),
  };
}

/** Loggers of all categories over one stream. */
export function createLog({ level, categories = {}, stream = process.stderr, readable, counted }: LogOptions): Log {
  const destination = readable ? { write: (line: string) => stream.write(readableLine(line)) } : stream;
  const root = pino(
    {
      base: undefined,
      level: 'trace',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.err },
    },
    destination,
  );
  const levels = new Map<LogCategory, LogLevel>();
  const targets = new Map<LogCategory, PinoLogger>();
  const loggers = new Map<LogCategory, Logger>();
  for (const category of logCategories) {
    const target = root.child({ category }, { level: pinoLevels[categories[category] ?? level] });
    levels.set(category, categories[category] ?? level);
    targets.set(category, target);
    loggers.set(category, loggerOver(target, counted));
  }
  const of = (category: LogCategory): Logger => {
    const logger = loggers.get(category);
    if (!logger) throw new Error(`No such log category: ${category}`);
    return logger;
  };
  return {
    of,
    level: (category) => levels.get(category) ?? level,
    setLevel(wanted, category) {
      for (const each of category ? [category] : logCategories) {
        levels.set(each, wanted);
        const target = targets.get(each);
        if (target) target.level = pinoLevels[wanted];
      }
    },
  };
}
