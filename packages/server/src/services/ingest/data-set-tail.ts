// What follows the header: Pixel Data and the elements behind it (PS3.5 7.1, A.4). Nothing of it is kept; only the lengths are
// followed as the bytes go by, so that a file that was cut on its way is refused instead of stored. Zeros that pad the file are
// passed as empty elements, eight bytes each.
import { type PixelDataPlace, readExplicitHeader, unknownVr } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';

/** Place and length of the value of Pixel Data, and the encoding that goes on behind it. */
export type TailStart = Pick<PixelDataPlace, 'valueOffset' | 'length' | 'explicitVr' | 'littleEndian'>;

export interface DataSetTail {
  /** Looks at the next bytes; those before the start of the value of Pixel Data are passed over. */
  push(chunk: Uint8Array): void;
  /** @throws PharosError BadFileFormat where the file ends within an element, or what follows Pixel Data is no element */
  finish(): void;
}

const undefinedLength = 0xffffffff;
const maximumDepth = 128;
const itemTag = 0xfffee000;
const itemDelimitation = 0xfffee00d;
const sequenceDelimitation = 0xfffee0dd;

/** What encloses the next header: the data set, a sequence of undefined length, or an item of undefined length in it. */
interface Level {
  readonly kind: 'data-set' | 'sequence' | 'item';
  readonly explicitVr: boolean;
}

interface Header {
  readonly tag: number;
  /** In an explicit encoding: UN, or letters that are no known VR. */
  readonly isUnknown: boolean;
  readonly bytes: number;
  readonly length: number;
}

function cut(details: string): PharosError {
  return new PharosError('BadFileFormat', `Not a complete DICOM file: ${details}`);
}

class Tail implements DataSetTail {
  readonly #littleEndian: boolean;
  readonly #levels: Level[];
  /** Bytes seen. */
  #seen: number;
  /** Where the next header starts. */
  #next: number;
  /** The part of a header that the last chunk ended in. */
  #carry: Uint8Array = new Uint8Array(0);
  #failure: PharosError | undefined;

  constructor(seen: number, { valueOffset, length, explicitVr, littleEndian }: TailStart) {
    this.#littleEndian = littleEndian;
    this.#seen = seen;
    this.#levels = [{ kind: 'data-set', explicitVr }];
    if (length === undefinedLength) this.#levels.push({ kind: 'sequence', explicitVr });
    this.#next = length === undefinedLength ? valueOffset : valueOffset + length;
  }

  push(chunk: Uint8Array): void {
    const start = this.#seen;
    this.#seen += chunk.byteLength;
    if (this.#failure || this.#next >= this.#seen) return;
    const carry = this.#carry;
    if (carry.byteLength === 0) {
      this.#walk(chunk, start);
      return;
    }
    const bytes = new Uint8Array(carry.byteLength + chunk.byteLength);
    bytes.set(carry);
    bytes.set(chunk, carry.byteLength);
    this.#carry = new Uint8Array(0);
    this.#walk(bytes, start - carry.byteLength);
  }

  finish(): void {
    if (this.#failure) throw this.#failure;
    if (this.#next > this.#seen) throw cut('it ends within an element');
    if (this.#levels.length > 1) throw cut('it ends within a sequence');
    if (this.#carry.byteLength > 0) throw cut('bytes that are no element follow the last one');
  }

  #walk(bytes: Uint8Array, start: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    while (this.#next < this.#seen && !this.#failure) {
      const at = this.#next - start;
      const header = this.#header(view, at);
      if (!header) {
        this.#carry = bytes.slice(at);
        return;
      }
      this.#step(header);
    }
  }

  /** undefined: it goes on in the next chunk. */
  #header(view: DataView, at: number): Header | undefined {
    if (at + 8 > view.byteLength) return undefined;
    const littleEndian = this.#littleEndian;
    const group = view.getUint16(at, littleEndian);
    const tag = ((group << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
    const level = this.#levels[this.#levels.length - 1];
    if (group === 0xfffe || !level?.explicitVr) {
      return { tag, isUnknown: false, bytes: 8, length: view.getUint32(at + 4, littleEndian) };
    }
    const header = readExplicitHeader(view, at, view.byteLength, littleEndian);
    if (!header) return undefined;
    return { tag, isUnknown: header.code === unknownVr, bytes: header.valueOffset - at, length: header.length };
  }

  #step({ tag, isUnknown, bytes, length }: Header): void {
    this.#next += bytes;
    const level = this.#levels[this.#levels.length - 1];
    if (tag === itemDelimitation || tag === sequenceDelimitation) {
      const closes = tag === itemDelimitation ? 'item' : 'sequence';
      if (level?.kind === closes) this.#levels.pop();
      return;
    }
    if (length !== undefinedLength) {
      this.#next += length;
      return;
    }
    const explicitVr = level?.explicitVr === true;
    if (tag === itemTag) this.#enter({ kind: 'item', explicitVr });
    // UN of undefined length holds implicit little endian (PS3.5 6.2.2 note 4).
    else this.#enter({ kind: 'sequence', explicitVr: explicitVr && !isUnknown });
  }

  #enter(level: Level): void {
    if (this.#levels.length > maximumDepth) this.#failure = cut('sequences are nested too deep');
    else this.#levels.push(level);
  }
}

/** @param seen bytes of the file before those that will be pushed */
export function createDataSetTail(seen: number, pixelData: TailStart): DataSetTail {
  return new Tail(seen, pixelData);
}
