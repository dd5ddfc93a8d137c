// C-FIND as SCP (PS3.7 9.1.2), whatever is searched: the identifier is read when it is complete, answers go out as they are found.
import { type DataSet, DicomError, encodeDataSet, type ProblemCode, parseDataSet } from '@pharos/dicom';
import {
  CommandField,
  createByteCollector,
  type Exchange,
  formatStatus,
  type Request,
  responseTo,
  type Service,
  Status,
  withDataSet,
} from '@pharos/dimse';
import { type DicomService, PharosError } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import type { LiveSettings } from '../services/index.ts';

/** Answers as they are found. */
export interface FindAnswers extends AsyncIterable<DataSet> {
  /** What is searched, for the log: follows "C-FIND of AET". */
  readonly name: string;
  /** True once the answers are over and a limit left some out. */
  readonly isCropped: boolean;
}

export interface Finder {
  readonly service: DicomService;
  /** @throws PharosError BadRequest, ParameterOutOfRange that say what is wrong with the identifier */
  answer(identifier: DataSet, request: Request): FindAnswers;
}

export interface FindDeps {
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly log: Logger;
}

/** Identifiers are a few hundred bytes long. */
const longestIdentifier = 1 << 20;
/** So many answers may go out before others, a C-CANCEL among them, get their turn. */
const answersATurn = 8;
const incomplete: ReadonlySet<ProblemCode> = new Set(['Truncated', 'TrailingBytes']);
/** Of an LO (PS3.7 table C.4-1). */
const longestComment = 64;

interface Outcome {
  readonly status: number;
  readonly comment?: string;
}

export function createFinderService(deps: FindDeps, finder: Finder): Service {
  return {
    command: CommandField.cFind,
    serves: (sopClassUid) => finder.service.sopClasses.includes(sopClassUid),
    begin: (request) => createFindExchange(request, deps, finder),
  };
}

function createFindExchange(request: Request, deps: FindDeps, finder: Finder): Exchange {
  const { association, command } = request;
  const identifier = createByteCollector();
  let isTooLong = false;

  const outcome = async (): Promise<Outcome> => {
    if (isTooLong) return { status: Status.outOfResources, comment: 'The identifier is too long' };
    try {
      return await sendAnswers(request, identifier.take(), deps, finder);
    } catch (error) {
      if (request.isCancelled()) return { status: Status.cancel };
      const message = error instanceof Error ? error.message : 'unknown error';
      deps.log.error(`C-FIND of AET "${association.callingAet}" failed: ${message}`);
      return { status: Status.cannotUnderstand, comment: commentOn(error) };
    }
  };

  return {
    push(chunk) {
      isTooLong ||= identifier.length + chunk.length > longestIdentifier;
      if (!isTooLong) identifier.append(chunk);
      return undefined;
    },
    async finish() {
      const { status, comment } = await outcome();
      await request.respond(responseTo(command, status, { ErrorComment: comment }));
    },
    abort: async () => {},
  };
}

async function sendAnswers(request: Request, bytes: Uint8Array, deps: FindDeps, finder: Finder): Promise<Outcome> {
  const { association, command, context, respond, isCancelled } = request;
  const identifier = readIdentifier(bytes, context.transferSyntax, deps);
  const answers = finder.answer(identifier, request);
  const pending = responseTo(command, Status.pending, { CommandDataSetType: withDataSet });
  let sent = 0;
  for await (const answer of answers) {
    if (sent % answersATurn === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    if (isCancelled()) break;
    await respond(pending, [encodeDataSet(answer, context.transferSyntax)]);
    sent += 1;
  }
  const status = isCancelled() || answers.isCropped ? Status.cancel : Status.success;
  deps.log.info(
    `C-FIND of AET "${association.callingAet}" ${answers.name}: ${sent} answers, status ${formatStatus(status)}`,
  );
  return { status };
}

/** @throws PharosError BadRequest for what is no data set, or not all of one: a lost key would let more match than was asked for */
function readIdentifier(bytes: Uint8Array, transferSyntax: string, { live }: FindDeps): DataSet {
  try {
    const { dataSet, problems } = parseDataSet(bytes, transferSyntax, { fallbackCharset: live.fallbackCharset() });
    if (!problems.some(({ code }) => incomplete.has(code))) return dataSet;
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
  throw new PharosError('BadRequest', 'The identifier cannot be read');
}

/** What the peer may know of a failure: what is wrong with its identifier. */
function commentOn(error: unknown): string | undefined {
  if (!(error instanceof PharosError)) return undefined;
  const isOfIdentifier = error.code === 'BadRequest' || error.code === 'ParameterOutOfRange';
  return isOfIdentifier ? error.details?.slice(0, longestComment) : undefined;
}
