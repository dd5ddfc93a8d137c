// Tables of facts: tab-separated lines under one line of column names.

export type Row = Readonly<Record<string, string>>;
export type ModuleFiles = Readonly<Record<string, string>>;

export const notice = '// Written by scripts/generate/generate.ts: do not edit.\n';

/** One record a line, keyed by the names of the first line. */
export function parseTable(text: string): Row[] {
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** Files of a module with one constant that holds the lines as one string, in plain JavaScript: the cheapest to load. */
export function packedModule(file: string, comment: string, name: string, lines: readonly string[]): ModuleFiles {
  const text = lines.join('\n');
  if (/[`\\]|\$\{/.test(text)) throw new Error(`${name} needs escapes`);
  const head = `${comment}\n${notice}`;
  return {
    [`${file}.js`]: `${head}export const ${name} = \`${text}\`;\n`,
    [`${file}.d.ts`]: `${head}export declare const ${name}: string;\n`,
  };
}

/** The cell of a column that must be there. */
export function cell(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`no column ${column}`);
  return value;
}
