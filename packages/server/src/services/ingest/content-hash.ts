// MD5 of content that comes in pieces; a single piece is hashed in one call, which is cheaper.
import { createHash, type Hash, hash } from 'node:crypto';

export interface ContentHash {
  update(chunk: Uint8Array): void;
  /** Lower-case hex. */
  digest(): string;
}

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
