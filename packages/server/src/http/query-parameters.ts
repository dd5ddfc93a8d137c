// Arguments of the query string, with Orthanc's leniency: unknown ones are ignored, bad ones are 400.
// Only GET requests have them: for other methods every parameter is as if absent.
import { PharosError } from '../model/index.ts';

export interface QueryParameter<T> {
  readonly kind: 'flag' | 'boolean' | 'integer' | 'number' | 'text' | 'list';
  readonly doc: string;
  /** @param value undefined where the argument is absent; '' where it has no value */
  parse(value: string | undefined, name: string): T;
}

/** Present or not; its value does not matter. */
export function flag(doc: string): QueryParameter<boolean> {
  return { kind: 'flag', doc, parse: (value) => value !== undefined };
}

/** `true`, `false`, `1`, `0`; present without a value is true. */
export function boolean(doc: string, absent: boolean): QueryParameter<boolean> {
  return {
    kind: 'boolean',
    doc,
    parse(value, name) {
      if (value === undefined) return absent;
      if (value === '' || value === '1' || value.toLowerCase() === 'true') return true;
      if (value === '0' || value.toLowerCase() === 'false') return false;
      throw new PharosError('ParameterOutOfRange', `Argument "${name}" must be true, false, 1 or 0`);
    },
  };
}

/** A whole number between the bounds (inclusive). */
export function integer(
  doc: string,
  minimum = 0,
  maximum = Number.MAX_SAFE_INTEGER,
): QueryParameter<number | undefined> {
  return {
    kind: 'integer',
    doc,
    parse(value, name) {
      if (value === undefined) return undefined;
      const number = /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value) : Number.NaN;
      if (number >= minimum && number <= maximum) return number;
      throw new PharosError(
        'BadParameterType',
        `Argument "${name}" must be a whole number from ${minimum} to ${maximum}`,
      );
    },
  };
}

export function text(doc: string): QueryParameter<string | undefined> {
  return { kind: 'text', doc, parse: (value) => value };
}

/** Several values in one argument. Absent: undefined; empty pieces are dropped. */
export function list(doc: string, separator: ';' | ','): QueryParameter<readonly string[] | undefined> {
  return {
    kind: 'list',
    doc,
    parse: (value) =>
      value
        ?.split(separator)
        .map((piece) => piece.trim())
        .filter((piece) => piece !== ''),
  };
}
