// Members of a JSON body, checked as they are read.
import type { RequestBody } from '../../http/index.ts';
import { type ErrorCode, PharosError } from '../../model/index.ts';

export type JsonMembers = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body as JSON; undefined where it is none. @throws PharosError BodyTooLarge, BadRequest */
export async function jsonOrNothing(body: RequestBody): Promise<unknown> {
  return body.json().catch((error: unknown) => {
    if (error instanceof PharosError && error.code === 'BadFileFormat') return undefined;
    throw error;
  });
}

/** @throws PharosError BadRequest where the body is not a JSON object */
export function bodyMembers(body: unknown): JsonMembers {
  if (isMembers(body)) return body;
  throw new PharosError('BadRequest', 'The body must contain a JSON object');
}

/** Reads members of one body; each throws a PharosError of this code where the member has another type. */
export function memberReader(members: JsonMembers, code: ErrorCode = 'BadRequest') {
  const refuse = (name: string, type: string): never => {
    throw new PharosError(code, `Field "${name}" must be ${type}`);
  };

  const optional = <T>(name: string, type: string, guard: (value: unknown) => value is T): T | undefined => {
    if (!Object.hasOwn(members, name)) return undefined;
    const value = members[name];
    return guard(value) ? value : refuse(name, type);
  };

  return {
    has: (name: string): boolean => Object.hasOwn(members, name),
    isNull: (name: string): boolean => members[name] === null,
    text: (name: string) => optional(name, 'a string', (value) => typeof value === 'string'),
    boolean: (name: string) => optional(name, 'a Boolean', (value) => typeof value === 'boolean'),
    /** As Orthanc reads a switch: null is off, a number is on unless it is 0. */
    lenientBoolean: (name: string) => {
      const isSwitch = (value: unknown): value is null | boolean | number =>
        value === null || typeof value === 'boolean' || typeof value === 'number';
      return Boolean(optional(name, 'a Boolean', isSwitch));
    },
    integer: (name: string) => optional(name, 'an integer', (value): value is number => Number.isSafeInteger(value)),
    count: (name: string) =>
      optional(
        name,
        'an integer from 0',
        (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
      ),
    list: (name: string) => optional(name, 'an array', (value): value is readonly unknown[] => Array.isArray(value)),
    texts: (name: string) =>
      optional(
        name,
        'an array of strings',
        (value): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string'),
      ),
    /** An object whose values are strings. */
    textsByName: (name: string) =>
      optional(
        name,
        'a JSON object of strings',
        (value): value is Readonly<Record<string, string>> =>
          isMembers(value) && Object.values(value).every((item) => typeof item === 'string'),
      ),
  };
}

export type MemberReader = ReturnType<typeof memberReader>;
