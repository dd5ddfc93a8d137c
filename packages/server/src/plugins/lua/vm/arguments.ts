// The arguments of a function that scripts call, checked as Orthanc does: a wrong one is logged, and the answer is nil.
import { type Binding, type State, Type } from './binding.ts';
import { bytesAt, jsonAt, textAt } from './values.ts';

/** An argument that is not of its type. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

export interface Arguments {
  readonly count: number;
  /** @throws BadArgument, as all below */
  text(position: number): string;
  bytes(position: number): Uint8Array;
  /** undefined: nil, or not given. */
  optionalBytes(position: number): Uint8Array | undefined;
  number(position: number): number;
  flag(position: number): boolean;
  optionalFlag(position: number): boolean | undefined;
  /** A table of names and texts; {} where it is not given. */
  texts(position: number): Readonly<Record<string, string>>;
  json(position: number, keepStrings: boolean): unknown;
}

export function argumentsOf(binding: Binding, state: State): Arguments {
  const count = binding._lua_gettop(state);
  const isGiven = (position: number): boolean => position <= count && binding._lua_type(state, position) !== Type.nil;
  const need = <T>(value: T | undefined, position: number, what: string): T => {
    if (value === undefined) throw new BadArgument(`argument ${position} must be ${what}`);
    return value;
  };
  const optionalFlag = (position: number): boolean | undefined => {
    if (!isGiven(position)) return undefined;
    if (binding._lua_type(state, position) !== Type.boolean)
      throw new BadArgument(`argument ${position} must be a boolean`);
    return binding._lua_toboolean(state, position) !== 0;
  };
  const bytes = (position: number): Uint8Array =>
    need(isGiven(position) ? bytesAt(binding, state, position) : undefined, position, 'a string');
  return {
    count,
    text: (position) => need(isGiven(position) ? textAt(binding, state, position) : undefined, position, 'a string'),
    bytes,
    optionalBytes: (position) => (isGiven(position) ? bytes(position) : undefined),
    number(position) {
      const isNumber = position <= count && binding._lua_isnumber(state, position) !== 0;
      return need(isNumber ? binding._lua_tonumberx(state, position, 0) : undefined, position, 'a number');
    },
    optionalFlag,
    flag: (position) => need(optionalFlag(position), position, 'a boolean'),
    texts(position) {
      if (!isGiven(position)) return {};
      const isTable = binding._lua_type(state, position) === Type.table;
      const members = isTable ? jsonAt(binding, state, position, true) : undefined;
      if (typeof members !== 'object' || members === null)
        throw new BadArgument(`argument ${position} must be a table`);
      return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, String(value)]));
    },
    json: (position, keepStrings) => jsonAt(binding, state, position, keepStrings),
  };
}
