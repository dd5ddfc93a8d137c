// Requests that come with an identifier (PS3.7 9.1.2 to 9.1.4): it is read when it is complete, and what is wrong with it is told.
import { type DataSet, DicomError, type ProblemCode, parseDataSet } from '@pharos/dicom';
import { createGatheringExchange, type Exchange, type Request, Status } from '@pharos/dimse';
import { PharosError } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import type { LiveSettings } from '../services/index.ts';
import { commentOn } from './error-comment.ts';

export interface IdentifierDeps {
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly log: Logger;
}

export interface IdentifierWork {
  /** Of the request, for the log. */
  readonly name: 'C-FIND' | 'C-MOVE' | 'C-GET';
  /** Sends every response. @throws what is told by `fail` */
  run(identifier: DataSet): Promise<void>;
  /** Sends the final response where the identifier could not be read, or `run` threw before it sent one. */
  fail(status: number, comment?: string): Promise<void>;
}

/** Identifiers are a few hundred bytes long. */
const longestIdentifier = 1 << 20;
const incomplete: ReadonlySet<ProblemCode> = new Set(['Truncated', 'TrailingBytes']);

export function createIdentifierExchange(request: Request, deps: IdentifierDeps, work: IdentifierWork): Exchange {
  return createGatheringExchange(longestIdentifier, async (identifier) => {
    if (!identifier) return work.fail(Status.outOfResources, 'The identifier is too long');
    try {
      await work.run(readIdentifier(identifier, request.context.transferSyntax, deps));
    } catch (error) {
      if (request.isCancelled()) return work.fail(Status.cancel);
      const message = error instanceof Error ? error.message : 'unknown error';
      deps.log.error(`${work.name} of AET "${request.association.callingAet}" failed: ${message}`);
      await work.fail(Status.cannotUnderstand, commentOn(error));
    }
  });
}

/** @throws PharosError BadRequest for what is no data set, or not all of one: a lost key would let more match than was asked for */
function readIdentifier(bytes: Uint8Array, transferSyntax: string, { live }: IdentifierDeps): DataSet {
  try {
    const { dataSet, problems } = parseDataSet(bytes, transferSyntax, { fallbackCharset: live.fallbackCharset() });
    if (!problems.some(({ code }) => incomplete.has(code))) return dataSet;
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
  throw new PharosError('BadRequest', 'The identifier cannot be read');
}
