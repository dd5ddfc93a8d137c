// Parsing of bytes that are all in memory: a Part 10 file (PS3.10 7) or a data set alone, as DIMSE sends it.
import { createSource, DataSet, DicomError, ElementScan, type Problem, ScannedContents } from '../data-set/index.ts';
import { transferSyntaxOf } from '../uid/index.ts';
import { inflate } from './inflate.ts';
import { modeOf } from './modes.ts';
import type { ParsedFile, ParseOptions } from './parse-options.ts';
import { Part10Parser } from './part10-parser.ts';

/**
 * A file, or as much of its start as covers what is asked for. Values stay views on `bytes` unless the header is a small part of
 * them; nobody may change them afterwards.
 * @throws DicomError where nothing useful can be given; everything else is in `problems`
 */
export function parsePart10(bytes: Uint8Array, options?: ParseOptions): ParsedFile {
  const parser = new Part10Parser(options, true);
  parser.push(bytes);
  return parser.finish();
}

/**
 * A data set without meta header, read to its end unless `stopAt` says otherwise, exactly in the encoding given.
 * @throws DicomError Malformed for an unknown transfer syntax, and as `parsePart10`
 */
export function parseDataSet(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  options: ParseOptions = {},
): { readonly dataSet: DataSet; readonly problems: readonly Problem[] } {
  const mode = modeOf(transferSyntaxUid);
  if (mode === undefined) throw new DicomError('Malformed', 'unknown transfer syntax');
  const problems: Problem[] = [];
  const plain = createSource(bytes, options.limits, problems);
  const source = transferSyntaxOf(transferSyntaxUid)?.deflated
    ? createSource(inflate(bytes, plain.limits.headerBytes, options, problems), options.limits, problems)
    : plain;
  const scan = new ElementScan(0, mode, options.stopAt ?? 'end', 0);
  scan.run(source, source.bytes.length, true);
  const contents = new ScannedContents(source, mode, undefined, 0, scan.contentEnd, scan);
  return { dataSet: new DataSet(contents, options.fallbackCharset ?? 'ISO_IR 100'), problems };
}
