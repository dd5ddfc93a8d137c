// JSON as Orthanc prints it, byte for byte: keys sorted, three spaces, `"key" : value`, a nested object or array on a line of
// its own, everything beyond ASCII escaped. One pass, no intermediate value: this is on the path of every answer.
import { PharosError, remembered } from '../model/index.ts';
import type { Json } from './reply.ts';

const needsEscape = /["\\]|[^\x20-\x7f]/;
const needsMoreThanBackslashes = /"|[^\x20-\x7f]/;
const isOfTwoBytes = /[\u0100-\uffff]/;

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
  if (!needsEscape.test(text)) return `"${text}"`;
  // Most of these are values with several parts, separated by backslashes.
  if (!needsMoreThanBackslashes.test(text)) return `"${text.replaceAll('\\', '\\\\')}"`;
  const escaped = `"${text.replace(/["\\]|[^\x20-\x7f]/g, escapeUnit)}"`;
  // One byte a character: a text of two would make the whole answer one of two.
  if (!isOfTwoBytes.test(text)) return escaped;
  return Buffer.from(escaped, 'latin1').toString('latin1');
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

function isSorted(value: object): boolean {
  let before = '';
  for (const key in value) {
    if (key < before) return false;
    before = key;
  }
  return true;
}

function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** From so many texts on it is remembered that they are plain. */
const longList = 16;
const plainLists = new WeakSet<readonly Json[]>();

/** Texts without anything to escape, such as identifiers: looked at as one, and once, as many answers show the same list of children
 * for as long as the index keeps it. */
function arePlain(values: readonly Json[]): boolean {
  if (plainLists.has(values)) return true;
  for (const value of values) if (typeof value !== 'string') return false;
  const isPlain = !needsEscape.test(values.join(''));
  if (isPlain && values.length >= longList) plainLists.add(values);
  return isPlain;
}

type JsonObject = { readonly [key: string]: Json | undefined };

function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

/** A name with what stands between it and its value; the names of answers are few. */
const nameText = remembered({ count: 2_000, longest: 1_000 }, (name) => `${quote(name)} : `);

/** From so many characters on a piece is closed: V8 copies a text that grew by appending when it is read, into memory that is cheap up
 * to some size. */
const pieceLength = 8192;

/** Text that grows by appending, the fastest way to build it in V8, in pieces. */
class Output {
  text = '';
  readonly #closed: string[] = [];
  /** Of one level: answers are indented with three spaces, errors with tabs. */
  readonly step: string;

  constructor(step: string) {
    this.step = step;
  }

  pieces(): readonly string[] {
    this.#close();
    return this.#closed;
  }

  value(value: Json, margin: string): void {
    if (this.text.length >= pieceLength) this.#close();
    if (typeof value === 'string') this.text += quote(value);
    else if (typeof value === 'number') this.text += numberText(value);
    else if (value === null || typeof value === 'boolean') this.text += String(value);
    else if (isArray(value)) this.array(value, margin);
    else this.object(value, margin);
  }

  #close(): void {
    this.#closed.push(this.text);
    this.text = '';
  }

  private array(values: readonly Json[], margin: string): void {
    if (values.length === 0) {
      this.text += '[]';
      return;
    }
    const inner = margin + this.step;
    const next = ',\n' + inner;
    if (arePlain(values)) {
      this.text += '[\n' + inner + '"' + values.join('"' + next + '"') + '"\n' + margin + ']';
      return;
    }
    for (let i = 0; i < values.length; i++) {
      this.text += i === 0 ? '[\n' + inner : next;
      this.value(values[i] ?? null, inner);
    }
    this.text += '\n' + margin + ']';
  }

  private object(value: JsonObject, margin: string): void {
    const inner = margin + this.step;
    const first = '{\n' + inner;
    const next = ',\n' + inner;
    let isFirst = true;
    // Most are made in order: then no list of their names is needed.
    if (isSorted(value)) {
      for (const key in value) if (this.member(key, value[key], isFirst ? first : next, inner)) isFirst = false;
    } else {
      for (const key of Object.keys(value).sort())
        if (this.member(key, value[key], isFirst ? first : next, inner)) isFirst = false;
    }
    this.text += isFirst ? '{}' : '\n' + margin + '}';
  }

  /** False where there is nothing to show. */
  private member(key: string, member: Json | undefined, before: string, inner: string): boolean {
    if (member === undefined) return false;
    this.text += before + nameText(key);
    if (typeof member === 'object' && member !== null && !isEmpty(member)) this.text += '\n' + inner;
    this.value(member, inner);
    return true;
  }
}

const answerStep = '   ';

/** The text of a JSON answer: ASCII. */
export function writeJson(value: Json): string {
  return writeJsonPieces(value).join('');
}

/** The same in pieces. */
export function writeJsonPieces(value: Json): readonly string[] {
  const output = new Output(answerStep);
  output.value(value, '');
  return output.pieces();
}

/** Elements of a JSON array that is written in pieces: without brackets, separated by commas. */
export function writeJsonElements(values: readonly Json[]): readonly string[] {
  const output = new Output(answerStep);
  for (let i = 0; i < values.length; i++) {
    output.text += (i > 0 ? ',\n' : '') + answerStep;
    output.value(values[i] ?? null, answerStep);
  }
  return output.pieces();
}

/** The text of an error body: one level of strings and numbers, indented with tabs, with a line end. */
export function writeErrorJson(value: JsonObject): string {
  const output = new Output('\t');
  output.value(value, '');
  return `${output.pieces().join('')}\n`;
}

const Mark = {
  quote: 0x22,
  slash: 0x2f,
  star: 0x2a,
  comma: 0x2c,
  backslash: 0x5c,
  openArray: 0x5b,
  closeArray: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** Values within values, as at Orthanc: what is nested deeper takes the parser of V8 a second a megabyte. */
const deepest = 1000;

function refuse(cause?: unknown): never {
  throw new PharosError('BadFileFormat', { details: 'Cannot parse the JSON body', cause });
}

/** Where the string ends that begins there: at a quote after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at > start; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === Mark.backslash) first--;
    if ((at - first) % 2 === 0) return at;
  }
  return refuse();
}

/** Where what follows the comment begins. */
function endOfComment(text: string, start: number): number {
  const kind = text.charCodeAt(start + 1);
  if (kind !== Mark.slash && kind !== Mark.star) return refuse();
  const end = kind === Mark.slash ? text.indexOf('\n', start) : text.indexOf('*/', start + 2);
  if (kind === Mark.slash) return end < 0 ? text.length : end;
  return end < 0 ? refuse() : end + 2;
}

const isSpace = (unit: number): boolean => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);

/**
 * What Orthanc tolerates is taken out, in one pass whatever the text is: comments, commas behind the last value, and what follows the
 * whole. @throws PharosError BadFileFormat
 */
function strictly(text: string): string {
  const pieces: string[] = [];
  let kept = 0;
  let depth = 0;
  /** A comma of which it is not known yet whether a value follows. */
  let comma: number | undefined;
  /** A comma may follow. */
  let isAfterValue = false;
  const leaveOut = (from: number, to: number): void => {
    pieces.push(text.slice(kept, from));
    kept = to;
  };
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isSpace(unit)) continue;
    if (unit === Mark.slash) {
      const end = endOfComment(text, at);
      // The comma is put back where it turns out to be needed.
      leaveOut(comma !== undefined && comma >= kept ? comma : at, end);
      at = end - 1;
      continue;
    }
    if (unit === Mark.closeArray || unit === Mark.closeObject) {
      if (comma !== undefined && comma >= kept) leaveOut(comma, comma + 1);
      depth -= 1;
      if (depth === 0) leaveOut(at + 1, text.length);
    } else if (comma !== undefined && comma < kept) pieces.push(',');
    const isComma = unit === Mark.comma;
    if (isComma && !isAfterValue) return refuse();
    comma = isComma ? at : undefined;
    isAfterValue = !isComma && unit !== Mark.openArray && unit !== Mark.openObject;
    if (unit === Mark.quote) at = endOfString(text, at);
    else if (unit === Mark.openArray || unit === Mark.openObject) depth += 1;
    if (depth > deepest) return refuse(new Error(`JSON that is nested more than ${deepest} deep`));
    if (kept === text.length) break;
  }
  if (comma !== undefined) return refuse();
  return pieces.length === 0 ? text : [...pieces, text.slice(kept)].join(' ');
}

/** Reads a JSON body, with what Orthanc tolerates. @throws PharosError BadFileFormat */
export function parseJson(text: string): unknown {
  const json = strictly(text.startsWith('\ufeff') ? text.slice(1) : text);
  try {
    return JSON.parse(json);
  } catch (cause) {
    return refuse(cause);
  }
}
