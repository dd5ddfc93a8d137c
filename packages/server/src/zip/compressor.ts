// Compression for all archives of the process: blocks are deflated several at a time in the threads of the system's pool (libuv), by
// contexts and in memory that are used again. However many archives are made at once, they share what there is.
import { constants, createDeflateRaw, type DeflateRaw, deflateRawSync } from 'node:zlib';

/** What may be compressed by itself, so that several threads have something to do. */
export const blockBytes = 256 * 1024;

/** What one archive may hold, the less the more of them there are. */
export interface ArchiveShare {
  /** Blocks of the entry that is being written. */
  readonly blocks: number;
  /** Entries that may wait for their turn, begun. */
  readonly ahead: number;
  /** An entry is begun. Call what it gives, once, when it is done. */
  begin(): () => void;
  /** The archive is at its end. */
  leave(): void;
}

export interface Compressor {
  /** Raw deflate (RFC 1951) of a block by itself, in pieces; the next block, or `endOfDeflate`, may follow right behind. */
  block(bytes: Uint8Array, level: number): Promise<readonly Uint8Array[]>;
  /** Raw deflate of all there is. */
  whole(bytes: Uint8Array, level: number): Promise<readonly Uint8Array[]>;
  /** Memory of `blockBytes`, whatever is in it. */
  take(): Buffer;
  /** Nobody looks at it any more. */
  give(memory: Buffer): void;
  enter(): ArchiveShare;
}

/** An empty last block (RFC 1951 3.2.3). */
export const endOfDeflate: Uint8Array = Uint8Array.of(3, 0);

/** Shared by all archives; each has at least one of them. */
const sharedBlocks = 24;
const sharedAhead = 18;
const mostAhead = 6;
/** Not worth the way to another thread. */
const smallBytes = 4096;
/** Contexts that are made for this content only need not be larger than it (zlib: 2^12 bytes). */
const smallContext = { windowBits: 12, memLevel: 5, chunkSize: 2048 } as const;

/** One that deflates block after block. */
interface Context {
  deflate(bytes: Uint8Array): Promise<readonly Uint8Array[]>;
}

function createContext(level: number): Context {
  const stream: DeflateRaw = createDeflateRaw({ level, flush: constants.Z_SYNC_FLUSH, chunkSize: blockBytes });
  let pieces: Uint8Array[] = [];
  stream.on('data', (piece: Uint8Array) => pieces.push(piece));
  // Whoever writes hears of it.
  stream.on('error', () => undefined);
  return {
    deflate: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => {
          if (error) return reject(error);
          const made = pieces;
          pieces = [];
          stream.reset();
          resolve(made);
        });
      }),
  };
}

/** Lets so many in at a time, first come, first served. */
function createGate(width: number) {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside < width) inside++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside--;
    }
  };
}

const between = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** @param width blocks at the same time, at most */
export function createCompressor(width: number): Compressor {
  const gate = createGate(width);
  const idle = new Map<number, Context[]>();
  const free: Buffer[] = [];
  let archives = 0;
  let begun = 0;

  const block = (bytes: Uint8Array, level: number): Promise<readonly Uint8Array[]> =>
    gate(async () => {
      const contexts = idle.get(level) ?? [];
      idle.set(level, contexts);
      const context = contexts.pop() ?? createContext(level);
      const pieces = await context.deflate(bytes);
      // One that failed is not used again.
      contexts.push(context);
      return pieces;
    });

  return {
    block,
    async whole(bytes, level) {
      if (bytes.byteLength <= smallBytes) return [deflateRawSync(bytes, { level, ...smallContext })];
      return [...(await block(bytes, level)), endOfDeflate];
    },
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(blockBytes),
    give(memory) {
      if (free.length < sharedBlocks) free.push(memory);
    },
    enter() {
      archives++;
      let isInside = true;
      let own = 0;
      return {
        get blocks() {
          return between(Math.floor(sharedBlocks / archives), 1, width + 1);
        },
        get ahead() {
          // Archives that came first may still hold what was theirs when there were few.
          const left = own + sharedAhead - begun;
          return between(Math.min(Math.floor(sharedAhead / archives), left), 0, mostAhead);
        },
        begin() {
          own++;
          begun++;
          return () => {
            own--;
            begun--;
          };
        },
        leave() {
          if (isInside) archives--;
          isInside = false;
        },
      };
    },
  };
}
