// Streams of zlib (RFC 1950, 1951), byte for byte those of zlib with level 6 and the strategy Z_FILTERED: by kernels of our own.
import type { Kernel, Kernels } from '../native/index.ts';

/** What is compressed, as it comes in: where a piece ends has some influence on what zlib makes of it. */
export interface Pieces {
  readonly count: number;
  /** Bytes of each. */
  readonly length: number;
  /** Bytes that `load` needs for so many pieces; there are zeros in them at first. */
  room(count: number): number;
  /** @param to where to put pieces, with room for 16 bytes more */
  load(kernel: Kernel, first: number, count: number, to: number, room: number): void;
}

/** Bytes that are filtered and compressed together: they stay in a cache. */
const bytesTogether = 65_536;
const margin = 16;
/** As the kernel has it: 9 bytes for 8, and what was kept from before. */
const mostBytes = (length: number): number => Math.ceil((length * 9) / 8) + 72_000;
/** DEFLATE, 32 KiB, the default level; without a dictionary. */
const header = Uint8Array.of(0x78, 0x9c);

/** @throws CodecError OverBudget */
export function deflate(kernels: Kernels, { count, length, room, load }: Pieces): readonly Uint8Array[] {
  return kernels.use((kernel) => {
    const together = Math.max(1, Math.min(count, Math.floor(bytesTogether / Math.max(1, length))));
    const roomBytes = room(together);
    const sizes = [kernel.call('deflateBytes'), roomBytes, length * together + margin, mostBytes(length * together)];
    const [state = 0, loadRoom = 0, from = 0, to = 0] = kernel.place(...sizes);
    kernel.call('beginDeflate', state);
    kernel.bytes(loadRoom, roomBytes).fill(0);
    const made = [header];
    const add = (pieces: number, isLast: number): void => {
      const bytes = kernel.call('deflate', state, from, length, pieces, isLast, to);
      made.push(kernel.bytes(to, bytes).slice());
    };
    for (let first = 0; first < count; first += together) {
      const some = Math.min(together, count - first);
      load(kernel, first, some, from, loadRoom);
      add(some, 0);
    }
    add(0, 1);
    return made;
  });
}
