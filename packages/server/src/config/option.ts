// Kinds of options: what a value must be, its default, and the sentence that explains it. Validation, the printed default file and
// the documentation all come from these objects.
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export interface Option<T> {
  /** What a value must be, in words: `true or false`. */
  readonly kind: string;
  readonly doc: string;
  /** undefined: nothing is set, or the value is computed at start. */
  readonly fallback: T;
  /** @throws ConfigurationError that begins with `path` */
  read(value: unknown, path: string): T;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const types: Readonly<Record<string, string>> = { string: 'a text', boolean: 'true or false', object: 'an object' };
  return types[typeof value] ?? `a ${typeof value}`;
}

/** Says the type of the value that was found, not the value: it may be a secret. */
function wrong(path: string, kind: string, value: unknown): ConfigurationError {
  return new ConfigurationError(`${path} must be ${kind}, but is ${typeOf(value)}`);
}

/** Says the value too, for options that never hold a secret. */
function wrongWord(path: string, kind: string, value: unknown): ConfigurationError {
  if (typeof value === 'object') return wrong(path, kind, value);
  return new ConfigurationError(`${path} must be ${kind}, but is ${JSON.stringify(value).slice(0, 60)}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An option whose values one test recognises. */
function simple<T>(kind: string, is: (value: unknown) => value is T, refusal = wrong) {
  return (fallback: T, doc: string): Option<T> => ({
    kind,
    doc,
    fallback,
    read(value, path) {
      if (is(value)) return value;
      throw refusal(path, kind, value);
    },
  });
}

export const bool = simple('true or false', (value) => typeof value === 'boolean', wrongWord);
export const text = simple('a text', (value) => typeof value === 'string');
export const texts = simple(
  'a list of texts',
  (value): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string'),
);
export const section = simple<Readonly<Record<string, unknown>>>('an object', isObject);

const largest = 0x7fff_ffff;

/** A whole number between the bounds, inclusive. */
export function whole(fallback: number, doc: string, minimum = 0, maximum = largest): Option<number> {
  const kind =
    maximum === largest ? `a whole number, ${minimum} or more` : `a whole number from ${minimum} to ${maximum}`;
  const is = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
  return simple(kind, is, wrongWord)(fallback, doc);
}

/** One of some words. `also` reads other spellings that are accepted. */
export function oneOf<const T extends string>(
  values: readonly T[],
  fallback: NoInfer<T>,
  doc: string,
  also: (value: unknown) => NoInfer<T> | undefined = () => undefined,
): Option<T> {
  const kind = values.map((value) => `"${value}"`).join(' or ');
  return {
    kind,
    doc,
    fallback,
    read(value, path) {
      const known = values.find((word) => word === value) ?? also(value);
      if (known !== undefined) return known;
      throw wrongWord(path, kind, value);
    },
  };
}

/** An object whose members are all of one kind, which is told of one and of all. */
export function map<T>(kind: string, kinds: string, is: (value: unknown) => value is T) {
  return (fallback: Readonly<Record<string, T>>, doc: string): Option<Readonly<Record<string, T>>> => ({
    kind: `an object of ${kinds}`,
    doc,
    fallback,
    read(value, path) {
      if (!isObject(value)) throw wrong(path, `an object of ${kinds}`, value);
      const members: [string, T][] = [];
      for (const [name, member] of Object.entries(value)) {
        if (!is(member)) throw wrong(`${path}.${name}`, kind, member);
        members.push([name, member]);
      }
      return Object.fromEntries(members);
    },
  });
}

/** The same option where it may be absent. */
export function unset<T>(option: Option<T>): Option<T | undefined> {
  return { ...option, fallback: undefined };
}

export function withRead<T>(option: Option<T>, check: (value: T, path: string) => void): Option<T> {
  return {
    ...option,
    read(value, path) {
      const known = option.read(value, path);
      check(known, path);
      return known;
    },
  };
}
