// JSON as Orthanc prints it, byte for byte: keys sorted, three spaces, `"key" : value`, a nested object or array on a line of
// its own, everything beyond ASCII escaped. One pass, no intermediate value: this is on the path of every answer.
import { PharosError } from '../model/index.ts';
import type { Json } from './reply.ts';

const needsEscape = /["\\]|[^\x20-\x7f]/;

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const escapeUnit = (unit: string): string =>
  shortEscapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

function quote(text: string): string {
  return needsEscape.test(text) ? `"${text.replace(/["\\]|[^\x20-\x7f]/g, escapeUnit)}"` : `"${text}"`;
}

/** Seventeen significant digits, as C's `%.17g`. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return String(value);
  if (!Number.isFinite(value)) return 'null';
  const [mantissa = '', exponent = '0'] = value.toExponential(16).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 17) return withoutZeros(value.toFixed(Math.min(16 - power, 100)));
  const digits = String(Math.abs(power)).padStart(2, '0');
  return `${withoutZeros(mantissa)}e${power < 0 ? '-' : '+'}${digits}`;
}

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] ?? '') > (keys[i] ?? '')) return keys.sort();
  return keys;
}

/** Layout of an answer: Orthanc indents answers with three spaces and errors with tabs. */
interface Layout {
  readonly step: string;
  /** What stands between `:` and a nested value that has members. */
  readonly breakBeforeNested: boolean;
}

const answers: Layout = { step: '   ', breakBeforeNested: true };

function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

function writeScalar(value: string | number | boolean | null): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? numberText(value) : String(value);
}

function writeArray(values: readonly Json[], margin: string, layout: Layout): string {
  if (values.length === 0) return '[]';
  const inner = margin + layout.step;
  let text = '[\n' + inner;
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ',\n' + inner;
    text += writeValue(values[i] ?? null, inner, layout);
  }
  return text + '\n' + margin + ']';
}

function writeObject(value: { readonly [key: string]: Json | undefined }, margin: string, layout: Layout): string {
  const inner = margin + layout.step;
  let text = '';
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    text += (text === '' ? '{\n' : ',\n') + inner + quote(key) + ' : ';
    const written = writeValue(member, inner, layout);
    const nested = typeof member === 'object' && written.length > 2 && member !== null;
    text += nested && layout.breakBeforeNested ? '\n' + inner + written : written;
  }
  return text === '' ? '{}' : text + '\n' + margin + '}';
}

function writeValue(value: Json, margin: string, layout: Layout): string {
  if (value === null || typeof value !== 'object') return writeScalar(value);
  return isArray(value) ? writeArray(value, margin, layout) : writeObject(value, margin, layout);
}

/** The text of a JSON answer. */
export function writeJson(value: Json): string {
  return writeValue(value, '', answers);
}

/** Elements of a JSON array that is written in pieces: without brackets, separated by commas. */
export function writeJsonElements(values: readonly Json[]): string {
  return values.map((value) => answers.step + writeValue(value, answers.step, answers)).join(',\n');
}

/** The text of an error body: one level of strings and numbers, indented with tabs, with a line end. */
export function writeErrorJson(value: { readonly [key: string]: Json | undefined }): string {
  return `${writeValue(value, '', { step: '\t', breakBeforeNested: true })}\n`;
}

/** Comments removed, strings untouched; what is not closed is left as it is. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (match) =>
    match.startsWith('/') ? ' ' : match,
  );
}

/** Reads a JSON body; comments are tolerated. @throws PharosError BadFileFormat */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (first) {
    if (!text.includes('/'))
      throw new PharosError('BadFileFormat', { details: 'Cannot parse the JSON body', cause: first });
  }
  try {
    return JSON.parse(withoutComments(text));
  } catch (cause) {
    throw new PharosError('BadFileFormat', { details: 'Cannot parse the JSON body', cause });
  }
}
