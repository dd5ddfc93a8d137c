// Files that a browser sends in several forms (headers X-File-Name, X-File-Size): kept until the last piece is there.
import type { IncomingHttpHeaders } from 'node:http';
import { PharosError } from '../model/index.ts';

export interface UploadPieces {
  /** Adds a piece; gives the whole file with the last one. @throws PharosError NetworkProtocol where it grows too long */
  add(file: PieceHeaders, piece: Buffer): Buffer | undefined;
}

export interface PieceHeaders {
  readonly name: string;
  /** Bytes of the whole file. */
  readonly size: number;
}

/** @throws PharosError NetworkProtocol where the headers contradict each other */
export function pieceHeaders(headers: IncomingHttpHeaders): PieceHeaders | undefined {
  const requestedWith = headers['x-requested-with'];
  if (requestedWith !== undefined && requestedWith !== 'XMLHttpRequest') {
    throw new PharosError('NetworkProtocol', 'HTTP header "X-Requested-With" must be "XMLHttpRequest" in a form');
  }
  const name = headers['x-file-name'];
  const size = headers['x-file-size'];
  if (name === undefined && size === undefined) return undefined;
  if (typeof name !== 'string') throw new PharosError('NetworkProtocol', 'HTTP header "X-File-Name" is missing');
  if (typeof size !== 'string' || !/^\d{1,15}$/.test(size)) {
    throw new PharosError('NetworkProtocol', 'HTTP header "X-File-Size" is missing or no number of bytes');
  }
  return { name, size: Number(size) };
}

const maximumFiles = 10;

/** @param maximumBytes of all pieces together */
export function createUploadPieces(maximumBytes: number): UploadPieces {
  const files = new Map<string, Buffer[]>();
  const sizeOf = (pieces: readonly Buffer[]) => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const refuse = (name: string): never => {
    files.delete(name);
    throw new PharosError('NetworkProtocol', 'Error in the upload of a file by pieces');
  };
  return {
    add({ name, size }, piece) {
      const pieces = [...(files.get(name) ?? []), piece];
      const others = [...files].reduce((sum, [other, held]) => (other === name ? sum : sum + sizeOf(held)), 0);
      const length = sizeOf(pieces);
      if (length > size || others + length > maximumBytes) return refuse(name);
      files.delete(name);
      if (length === size) return Buffer.concat(pieces);
      const [oldest] = files.keys();
      if (files.size >= maximumFiles && oldest !== undefined) files.delete(oldest);
      files.set(name, pieces);
      return undefined;
    },
  };
}
