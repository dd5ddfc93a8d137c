// Items inside A-ASSOCIATE PDUs: type, a reserved byte, a 16-bit big-endian length, a body (PS3.8 9.3.2).

export interface Item {
  readonly type: number;
  readonly body: Uint8Array;
}

export const ItemType = {
  applicationContext: 0x10,
  proposedContext: 0x20,
  answeredContext: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  maximumLength: 0x51,
  implementationClassUid: 0x52,
  asynchronousOperationsWindow: 0x53,
  roleSelection: 0x54,
  implementationVersionName: 0x55,
} as const;

/** Splits a variable field into its items; undefined where a length does not fit. */
export function splitItems(bytes: Uint8Array): readonly Item[] | undefined {
  const items: Item[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 4) return undefined;
    const length = uint16At(bytes, at + 2);
    const end = at + 4 + length;
    if (end > bytes.length) return undefined;
    items.push({ type: bytes[at] ?? 0, body: bytes.subarray(at + 4, end) });
    at = end;
  }
  return items;
}

export function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function uint32At(bytes: Uint8Array, at: number): number {
  return ((uint16At(bytes, at) << 16) | uint16At(bytes, at + 2)) >>> 0;
}

/** One item around its body. @throws RangeError over 65535 bytes */
export function itemOf(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > 0xffff) throw new RangeError(`Item ${type.toString(16)} of an A-ASSOCIATE PDU takes ${length} bytes`);
  const bytes = new Uint8Array(4 + length);
  bytes[0] = type;
  bytes[2] = length >>> 8;
  bytes[3] = length & 0xff;
  let at = 4;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
