// A buffer that grows as it is written to. Lengths are put in afterwards, so that everything is written in one pass.

export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #end = 0;
  readonly #littleEndian: boolean;

  constructor(littleEndian: boolean, expected: number) {
    this.#littleEndian = littleEndian;
    this.#bytes = new Uint8Array(expected);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#end;
  }

  tag(tag: number): void {
    this.#reserve(4);
    this.#view.setUint16(this.#end, tag >>> 16, this.#littleEndian);
    this.#view.setUint16(this.#end + 2, tag & 0xffff, this.#littleEndian);
    this.#end += 4;
  }

  /** Two letters. */
  letters(text: string): void {
    this.#reserve(2);
    this.#bytes[this.#end] = text.charCodeAt(0);
    this.#bytes[this.#end + 1] = text.charCodeAt(1);
    this.#end += 2;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#end, value, this.#littleEndian);
    this.#end += 2;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#end, value, this.#littleEndian);
    this.#end += 4;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Puts a length where a place was left for it. */
  patchUint32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.#littleEndian);
  }

  /** What was written; a view on the buffer, which has no other use after this. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  #reserve(count: number): void {
    const end = this.#end + count;
    if (end <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
