// Gathers bytes that come in pieces, in memory that grows with what came and not with what was announced.
export interface ByteCollector {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** What was gathered; the collector is empty afterwards. */
  take(): Uint8Array;
}

export function createByteCollector(): ByteCollector {
  let buffer = new Uint8Array(0);
  let length = 0;
  const reserve = (wanted: number): void => {
    if (wanted <= buffer.length) return;
    const larger = new Uint8Array(Math.max(wanted, buffer.length * 2, 256));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  return {
    get length() {
      return length;
    },
    append(bytes) {
      reserve(length + bytes.length);
      buffer.set(bytes, length);
      length += bytes.length;
    },
    take() {
      const bytes = buffer.subarray(0, length);
      buffer = new Uint8Array(0);
      length = 0;
      return bytes;
    },
  };
}
