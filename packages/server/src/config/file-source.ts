// Configuration files: JSON with C and C++ comments, `${VARIABLE}` and `${VARIABLE:-default}` from the environment, several files or
// folders of files merged. An option may stand in one file only.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { ConfigurationError } from './option.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Values = Readonly<Record<string, unknown>>;

const variable = /\$\{([A-Za-z_][\w.]*)(?::-(?:"([^"]*)"|'([^']*)'|([^'"}]*)))?\}/g;

/** Variables that are not set are empty. */
function substitute(content: string, environment: Environment): string {
  return content.replace(
    variable,
    (_match, name: string, double?: string, single?: string, bare?: string) =>
      environment[name] ?? double ?? single ?? bare ?? '',
  );
}

function positionOf(content: string, offset: number): string {
  const before = content.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function parse(content: string, file: string): Values {
  const errors: ParseError[] = [];
  const tree = parseTree(content, errors, { allowTrailingComma: true, disallowComments: false });
  const [error] = errors;
  if (error) {
    const what = printParseErrorCode(error.error)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase();
    throw new ConfigurationError(`${file}, ${positionOf(content, error.offset)}: ${what}`);
  }
  if (tree?.type !== 'object') throw new ConfigurationError(`${file} must hold a JSON object`);
  const value: unknown = getNodeValue(tree);
  return Object.fromEntries(Object.entries(value ?? {}));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    throw new ConfigurationError(`Cannot read the configuration file ${path}`, { cause });
  }
}

function filesOf(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name.toLowerCase().endsWith('.json'))
    .map((entry) => join(path, entry.name))
    .sort();
}

export interface FileValues {
  readonly values: Values;
  /** Files that were read, in order. */
  readonly files: readonly string[];
  /** Relative paths of options are relative to this: the folder of the first file, or where the server was started. */
  readonly folder: string;
}

/** @throws ConfigurationError */
export function readFiles(paths: readonly string[], environment: Environment): FileValues {
  const files = paths.flatMap(filesOf);
  const values: Record<string, unknown> = {};
  const origin = new Map<string, string>();
  for (const file of files) {
    for (const [name, value] of Object.entries(parse(substitute(read(file), environment), file))) {
      const other = origin.get(name);
      if (other !== undefined) throw new ConfigurationError(`${name} is set in two files, ${other} and ${file}`);
      origin.set(name, file);
      values[name] = value;
    }
  }
  const [first] = paths;
  if (first === undefined) return { values, files, folder: process.cwd() };
  const isFolder = statSync(first, { throwIfNoEntry: false })?.isDirectory() === true;
  return { values, files, folder: resolve(isFolder ? first : dirname(first)) };
}
