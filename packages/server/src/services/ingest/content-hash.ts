// Checksums of content that comes in pieces.
import { createHash, type Hash, hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AttachmentInfo } from '../../model/index.ts';

export interface ContentHash {
  update(chunk: Uint8Array): void;
  /** Lower-case hex. */
  digest(): string;
}

/** MD5; a single piece is hashed in one call, which is cheaper. */
export function createContentHash(): ContentHash {
  let first: Uint8Array | undefined;
  let running: Hash | undefined;
  return {
    update(chunk) {
      if (running) {
        running.update(chunk);
      } else if (first) {
        running = createHash('md5').update(first).update(chunk);
        first = undefined;
      } else {
        first = chunk;
      }
    },
    digest: () => (running ? running.digest('hex') : hash('md5', first ?? new Uint8Array(), 'hex')),
  };
}

/** For servers that do not keep MD5 sums (StoreMD5ForAttachments). */
export const noHash: ContentHash = { update() {}, digest: () => '' };

/** What is kept of content that is stored as it came. */
export interface ContentSums {
  update(chunk: Uint8Array): void;
  finish(): Pick<AttachmentInfo, 'uncompressedMd5' | 'compressedMd5' | 'crc32'>;
}

export function contentMd5(md5: ContentHash): ContentSums {
  return {
    update: md5.update,
    finish() {
      const digest = md5.digest();
      return { uncompressedMd5: digest, compressedMd5: digest };
    },
  };
}

/** CRC-32, a sixth of the work of MD5: what is stored can be compared with what came until somebody asks for its MD5. */
export function contentCrc(): ContentSums {
  let crc = 0;
  return {
    update(chunk) {
      crc = crc32(chunk, crc);
    },
    finish: () => ({ uncompressedMd5: undefined, compressedMd5: undefined, crc32: crc }),
  };
}

/** Both, for content that is compared with what was stored with either. */
export function contentMd5AndCrc(hash: ContentHash): ContentSums {
  const md5 = contentMd5(hash);
  const crc = contentCrc();
  return {
    update(chunk) {
      md5.update(chunk);
      crc.update(chunk);
    },
    finish: () => ({ ...crc.finish(), ...md5.finish() }),
  };
}
