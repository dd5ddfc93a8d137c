// Data sets from one transfer syntax without compression to another: the values stay, their encoding changes (PS3.5 7, A.1 to A.3).

import { DicomError } from '../data-set/index.ts';
import { transferSyntaxOf } from '../uid/index.ts';
import { concatenated } from './concatenated.ts';
import { encodeDataSet } from './encode-data-set.ts';
import { parseDataSet } from './parse.ts';

/** The whole data set is in memory twice while it is written anew. */
const largest = 512 * 1024 * 1024;

/** Whether data sets in this transfer syntax can be written in another one without decoding pixels. */
export function isReencodable(transferSyntax: string): boolean {
  const syntax = transferSyntaxOf(transferSyntax);
  return syntax !== undefined && !syntax.deflated && !syntax.encapsulated;
}

/** @throws DicomError TooLarge; others where the data set cannot be read */
export async function reencode(dataSet: AsyncIterable<Uint8Array>, from: string, to: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of dataSet) {
    length += chunk.length;
    if (length > largest) {
      throw new DicomError('TooLarge', `Only up to ${largest} bytes are written in another transfer syntax`);
    }
    chunks.push(chunk);
  }
  return encodeDataSet(parseDataSet(concatenated(chunks, length), from, { stopAt: 'end' }).dataSet, to);
}
