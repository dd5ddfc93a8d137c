// C-FIND as SCP (PS3.7 9.1.2, PS3.4 C.4.1), Patient Root and Study Root: the identifier is read when it is complete, answers go out
// as they are found.
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
import { type DicomService, dicomServices, PharosError } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import { answerQuery, type QueryDependencies } from '../services/query/index.ts';

const { sopClasses }: DicomService = dicomServices.find;
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

export function createFindService(deps: QueryDependencies, log: Logger): Service {
  return {
    command: CommandField.cFind,
    serves: (sopClassUid) => sopClasses.includes(sopClassUid),
    begin: (request) => createFindExchange(request, deps, log),
  };
}

function createFindExchange(request: Request, deps: QueryDependencies, log: Logger): Exchange {
  const { association, command } = request;
  const identifier = createByteCollector();
  let isTooLong = false;

  const outcome = async (): Promise<Outcome> => {
    if (isTooLong) return { status: Status.outOfResources, comment: 'The identifier is too long' };
    try {
      return await sendAnswers(request, identifier.take(), deps, log);
    } catch (error) {
      if (request.isCancelled()) return { status: Status.cancel };
      const message = error instanceof Error ? error.message : 'unknown error';
      log.error(`C-FIND of AET "${association.callingAet}" failed: ${message}`);
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

async function sendAnswers(
  request: Request,
  bytes: Uint8Array,
  deps: QueryDependencies,
  log: Logger,
): Promise<Outcome> {
  const { association, command, context, respond, isCancelled } = request;
  const identifier = readIdentifier(bytes, context.transferSyntax, deps);
  const answers = answerQuery(deps, { identifier, isCancelled });
  const pending = responseTo(command, Status.pending, { CommandDataSetType: withDataSet });
  let sent = 0;
  for await (const answer of answers) {
    if (sent % answersATurn === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    if (isCancelled()) break;
    await respond(pending, [encodeDataSet(answer, context.transferSyntax)]);
    sent += 1;
  }
  const status = isCancelled() || answers.isCropped ? Status.cancel : Status.success;
  log.info(
    `C-FIND of AET "${association.callingAet}" at level ${answers.level}: ${sent} answers, status ${formatStatus(status)}`,
  );
  return { status };
}

/** @throws PharosError BadRequest for what is no data set, or not all of one: a lost key would let more match than was asked for */
function readIdentifier(bytes: Uint8Array, transferSyntax: string, { live }: QueryDependencies): DataSet {
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
