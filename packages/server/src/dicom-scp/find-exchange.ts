// C-FIND as SCP (PS3.7 9.1.2), whatever is searched: answers go out as they are found.
import { type DataSet, encodeDataSet } from '@pharos/dicom';
import {
  CommandField,
  type Exchange,
  formatStatus,
  type Request,
  responseTo,
  type Service,
  Status,
  withDataSet,
} from '@pharos/dimse';
import type { DicomService } from '../model/index.ts';
import type { Metrics } from '../ports/index.ts';
import { createIdentifierExchange, type IdentifierDeps } from './identifier-exchange.ts';

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
  answer(identifier: DataSet, request: Request): FindAnswers | Promise<FindAnswers>;
}

export interface FinderDeps extends IdentifierDeps {
  readonly metrics: Pick<Metrics, 'observe'>;
}

/** So many answers may go out before others, a C-CANCEL among them, get their turn. */
const answersATurn = 32;

export function createFinderService(deps: FinderDeps, finder: Finder): Service {
  return {
    command: CommandField.cFind,
    serves: (sopClassUid) => finder.service.sopClasses.includes(sopClassUid),
    begin: (request) => createFindExchange(request, deps, finder),
  };
}

function createFindExchange(request: Request, deps: FinderDeps, finder: Finder): Exchange {
  const end = (status: number, comment?: string): Promise<void> =>
    request.respond(responseTo(request.command, status, { ErrorComment: comment }));
  return createIdentifierExchange(request, deps, {
    name: 'C-FIND',
    run: async (identifier) => end(await sendAnswers(request, identifier, deps, finder)),
    fail: end,
  });
}

/** Gives the final status. */
async function sendAnswers(
  request: Request,
  identifier: DataSet,
  { log, metrics }: FinderDeps,
  finder: Finder,
): Promise<number> {
  const { association, command, context, respond, isCancelled } = request;
  const begun = performance.now();
  const answers = await finder.answer(identifier, request);
  const pending = responseTo(command, Status.pending, { CommandDataSetType: withDataSet });
  let sent = 0;
  for await (const answer of answers) {
    if (sent % answersATurn === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    if (isCancelled()) break;
    await respond(pending, [encodeDataSet(answer, context.transferSyntax)]);
    sent += 1;
  }
  const status = isCancelled() || answers.isCropped ? Status.cancel : Status.success;
  metrics.observe('orthanc_find_scp_duration_ms', performance.now() - begun);
  log.info(
    `C-FIND of AET "${association.callingAet}" ${answers.name}: ${sent} answers, status ${formatStatus(status)}`,
  );
  return status;
}
