// GB 18030 and GBK (PS3.5 J): decoded by the platform; for encoding its tables are turned round when first needed.
import { decodeAll } from './code-tables.ts';

const decoder = new TextDecoder('gb18030');
const firstSupplementary = 0x90308130;

/** Bytes without a character are left out. */
export function decodeGb18030(bytes: Uint8Array): string {
  return decoder.decode(bytes).replaceAll('\ufffd', '');
}

/** A function that appends the code of a character, or tells that GBK has none. */
export type Gb18030Encoder = (codePoint: number, isGbk: boolean) => readonly number[] | undefined;

export function createGb18030Encoder(): Gb18030Encoder {
  let short: ReadonlyMap<number, number> | undefined;
  let long: ReadonlyMap<number, number> | undefined;
  return (codePoint, isGbk) => {
    if (codePoint < 0x80) return [codePoint];
    short ??= inverted(twoByteCodes());
    const code = short.get(codePoint);
    if (code !== undefined) return bytesOf(code);
    if (isGbk) return undefined;
    if (codePoint > 0xffff) return bytesOf(linearCode(firstSupplementary, codePoint - 0x10000));
    long ??= inverted(fourByteCodes());
    const longCode = long.get(codePoint);
    return longCode === undefined ? undefined : bytesOf(longCode);
  };
}

function inverted(codes: readonly (readonly [number, string])[]): ReadonlyMap<number, number> {
  const inverse = new Map<number, number>();
  for (const [code, text] of codes) if (text.length === 1 && text !== '\ufffd') inverse.set(text.charCodeAt(0), code);
  return inverse;
}

function twoByteCodes() {
  const codes: number[] = [];
  for (let first = 0x81; first <= 0xfe; first += 1) {
    for (let second = 0x40; second <= 0xfe; second += 1) if (second !== 0x7f) codes.push((first << 8) | second);
  }
  return decodeAll('gb18030', codes, bytesOf);
}

/** The characters of the Basic Multilingual Plane that have no code of two bytes. */
function fourByteCodes() {
  const codes = Array.from({ length: 39_420 }, (_, index) => linearCode(0x81308130, index));
  return decodeAll('gb18030', codes, bytesOf);
}

/** Codes of four bytes run through 10, 126, 10 and 126 values. */
function linearCode(start: number, index: number): number {
  const first = (start >>> 24) + Math.floor(index / 12_600);
  const second = 0x30 + (Math.floor(index / 1260) % 10);
  const third = 0x81 + (Math.floor(index / 10) % 126);
  return ((first << 24) | (second << 16) | (third << 8) | (0x30 + (index % 10))) >>> 0;
}

function bytesOf(code: number): readonly number[] {
  if (code <= 0xffff) return [code >> 8, code & 0xff];
  return [code >>> 24, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff];
}
