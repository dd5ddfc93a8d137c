// Strings from bytes and code units: the platform's fast paths for short and for long ones.

const shortest = 512;
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text when all bytes are 7-bit and none is ESC, else undefined. */
export function asciiString(bytes: Uint8Array): string | undefined {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte > 0x7f || byte === 0x1b) return undefined;
  }
  return bytes.length <= shortest ? Reflect.apply(String.fromCharCode, undefined, bytes) : utf8.decode(bytes);
}

/** The bytes when all characters are 7-bit, else undefined. */
export function asciiBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return undefined;
    bytes[at] = unit;
  }
  return bytes;
}

/** Text of the first `length` UTF-16 code units. */
export function stringOfUnits(units: Uint16Array, length: number): string {
  const part = units.subarray(0, length);
  return length <= shortest ? Reflect.apply(String.fromCharCode, undefined, part) : utf16.decode(part);
}

/** Bytes that are written one by one. */
export class GrowingBytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected bytes that there is room for from the start */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(expected, 16));
  }

  /** @param byte of which the lowest eight bits count */
  push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  written(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
