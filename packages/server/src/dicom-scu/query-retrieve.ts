// C-FIND, C-MOVE and C-GET as a client (PS3.4 C.4.1 to C.4.3, K.4.1).
import { type DataSet, encodeDataSet, encodeFileMeta, parseDataSet, storageSopClasses } from '@pharos/dicom';
import {
  type AcceptedContext,
  type Association,
  type CommandSet,
  createStoreService,
  type DataReceiver,
  findRequest,
  formatStatus,
  getRequest,
  hasDataSet,
  moveRequest,
  type Request,
  Status,
  type StoreSink,
  statusClassOf,
} from '@pharos/dimse';
import { PharosError } from '../model/index.ts';
import type {
  MoveOptions,
  MoveOutcome,
  MoveProgress,
  NetworkQuery,
  QueryModel,
  ReceivedInstance,
  RemoteModality,
} from '../ports/index.ts';
import { failure, genericSyntaxes, type ModalityNetworkDeps, onAssociation, openTo, step } from './association.ts';
import { createBytePipe } from './byte-pipe.ts';

interface ModelClasses {
  readonly find: string;
  readonly move: string | undefined;
  readonly get: string | undefined;
}

const queryRetrieve = '1.2.840.10008.5.1.4.1.2';
/** SOP classes of the information models (PS3.6 A). */
const classes: Readonly<Record<QueryModel, ModelClasses>> = {
  'patient-root': { find: `${queryRetrieve}.1.1`, move: `${queryRetrieve}.1.2`, get: `${queryRetrieve}.1.3` },
  'study-root': { find: `${queryRetrieve}.2.1`, move: `${queryRetrieve}.2.2`, get: `${queryRetrieve}.2.3` },
  worklist: { find: '1.2.840.10008.5.1.4.31', move: undefined, get: undefined },
};

/** Answers that were read and wait for whoever asked; the peer is not read while there are more. */
const answersHeld = 64;
/** Bytes of one answer. */
const largestAnswer = 16 * 1024 * 1024;
/** Answers that are taken and dropped after C-CANCEL, before the association is aborted. */
const answersDropped = 100_000;
/** Presentation contexts that an association has room for beside the one of the query (PS3.8 9.3.2.2). */
const storageContexts = 127;

/** Retired and draft classes, other industries', plans and measurements that are seldom in an archive of images. */
const seldom =
  /^(RETIRED|DRAFT|DICOS|DICONDE)_|Directory|Protocol|Inventory|Implant|ColorPalette|Agent|Tractography|ContentAssessment|MicroscopyBulk|Volumetric|(encephalo|myo|oculo)gram|Lensometry|refraction|Refraction|Keratometry|VisualAcuity|IntraocularLens|OphthalmicAxial|CornealTopography|ThicknessMap|VisualField|SpectaclePrescription|MacularGrid|Radiation(Set|Record|Salvage|Storage)|RadiationRecordSet|TreatmentPreparation|DeliveryInstruction|PhysicianIntent|SegmentAnnotation|PatientPosition/;

/** What is proposed for the instances of a C-GET: there is not room for all storage classes. */
const retrievable = storageSopClasses
  .filter(({ keyword }) => !seldom.test(keyword))
  .map(({ uid }) => uid)
  .slice(0, storageContexts);

function classOf(model: QueryModel, operation: keyof ModelClasses): string {
  const uid = classes[model][operation];
  if (uid === undefined) throw new PharosError('BadRequest', 'A worklist can be searched, not retrieved');
  return uid;
}

function contextOf(association: Association, remote: RemoteModality, sopClassUid: string): AcceptedContext {
  const context = association.findContext(sopClassUid);
  if (context) return context;
  throw new PharosError('NoPresentationContext', `SOP class ${sopClassUid} to AET "${remote.aet}"`);
}

function identifierBytes({ identifier }: NetworkQuery, { transferSyntax }: AcceptedContext): readonly Uint8Array[] {
  return [encodeDataSet(identifier, transferSyntax)];
}

function finalFailure(remote: RemoteModality, name: string, response: CommandSet): PharosError {
  const comment = response.ErrorComment ? ` (${response.ErrorComment})` : '';
  return failure(remote, name, `status ${formatStatus(response.Status ?? 0)}${comment}`);
}

/* ---- C-FIND ---- */

/** What the peer answers, as it comes. */
interface Answers {
  pending(response: CommandSet): DataReceiver | undefined | Promise<DataReceiver | undefined>;
  /** The next answer; undefined after the last one. */
  next(): Promise<Uint8Array | undefined>;
  end(): void;
  /** From here on answers are dropped. */
  leave(): void;
}

function createAnswers(abort: () => void): Answers {
  const queue: Uint8Array[] = [];
  let isOver = false;
  let isLeft = false;
  let dropped = 0;
  let more = Promise.withResolvers<void>();
  let room: PromiseWithResolvers<void> | undefined;

  const receiver = (): DataReceiver => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    return {
      push(chunk) {
        size += chunk.byteLength;
        if (size > largestAnswer) abort();
        else if (!isLeft) chunks.push(chunk);
        return undefined;
      },
      end() {
        if (isLeft && ++dropped > answersDropped) abort();
        if (isLeft) return;
        queue.push(Buffer.concat(chunks));
        more.resolve();
      },
    };
  };

  return {
    pending(response) {
      if (!hasDataSet(response)) return undefined;
      if (queue.length < answersHeld) return receiver();
      room = Promise.withResolvers();
      return room.promise.then(receiver);
    },
    async next() {
      for (;;) {
        const answer = queue.shift();
        if (queue.length < answersHeld) room?.resolve();
        if (answer || isOver) return answer;
        await more.promise;
        more = Promise.withResolvers();
      }
    },
    end() {
      isOver = true;
      more.resolve();
    },
    leave() {
      isLeft = true;
      queue.length = 0;
      room?.resolve();
    },
  };
}

/** See `ModalityNetwork.find`. */
export async function* findAt(
  deps: ModalityNetworkDeps,
  remote: RemoteModality,
  query: NetworkQuery,
): AsyncGenerator<DataSet> {
  const sopClassUid = classOf(query.model, 'find');
  const contexts = [{ abstractSyntax: sopClassUid, transferSyntaxes: genericSyntaxes }];
  const association = await openTo(deps, remote, { contexts });
  try {
    const context = contextOf(association, remote, sopClassUid);
    const answers = createAnswers(association.abort);
    const command = findRequest({ messageId: 0, sopClassUid });
    const asked = step(remote, 'C-FIND', () =>
      association.request(context.id, command, identifierBytes(query, context), answers),
    ).finally(answers.end);
    // Seen below, or nobody asks any more.
    asked.catch(() => {});
    let isComplete = false;
    try {
      for (let bytes = await answers.next(); bytes; bytes = await answers.next())
        yield answerOf(bytes, context, remote);
      isComplete = true;
    } finally {
      if (!isComplete) {
        answers.leave();
        await association.cancel();
        await asked.catch(() => {});
      }
    }
    const response = await asked;
    if (response.Status !== Status.success) throw finalFailure(remote, 'C-FIND', response);
  } finally {
    await association.release();
  }
}

function answerOf(bytes: Uint8Array, { transferSyntax }: AcceptedContext, remote: RemoteModality): DataSet {
  try {
    return parseDataSet(bytes, transferSyntax).dataSet;
  } catch (cause) {
    throw failure(remote, 'C-FIND', 'an answer cannot be read', cause);
  }
}

/* ---- C-MOVE and C-GET ---- */

function progressOf(response: CommandSet): MoveProgress {
  return {
    remaining: response.NumberOfRemainingSuboperations ?? 0,
    completed: response.NumberOfCompletedSuboperations ?? 0,
    failed: response.NumberOfFailedSuboperations ?? 0,
    warning: response.NumberOfWarningSuboperations ?? 0,
  };
}

/** Makes the request, tells its progress, cancels it where that is wished. */
async function retrieve(
  association: Association,
  { remote, name, query, options }: Retrieval,
  context: AcceptedContext,
  command: CommandSet,
): Promise<MoveOutcome> {
  let isCancelled = false;
  const response = await step(remote, name, () =>
    association.request(context.id, command, identifierBytes(query, context), {
      pending(pending) {
        options?.progress?.(progressOf(pending));
        if (isCancelled || !options?.isCancelled?.()) return undefined;
        isCancelled = true;
        return association.cancel().then(() => undefined);
      },
    }),
  );
  const status = response.Status ?? Status.processingFailure;
  // The lists of UIDs that failed come as a data set, of which the numbers say enough (PS3.4 C.4.2.1.4.2).
  if (statusClassOf(status) === 'failure') throw finalFailure(remote, name, response);
  return { ...progressOf(response), status };
}

interface Retrieval {
  readonly remote: RemoteModality;
  readonly name: string;
  readonly query: NetworkQuery;
  readonly options: MoveOptions | undefined;
}

/** See `ModalityNetwork.move`. */
export async function moveAt(
  deps: ModalityNetworkDeps,
  remote: RemoteModality,
  query: NetworkQuery,
  target: string,
  options?: MoveOptions,
): Promise<MoveOutcome> {
  const sopClassUid = classOf(query.model, 'move');
  const contexts = [{ abstractSyntax: sopClassUid, transferSyntaxes: genericSyntaxes }];
  return onAssociation(deps, remote, { contexts }, async (association) => {
    const context = contextOf(association, remote, sopClassUid);
    const command = moveRequest({ messageId: 0, sopClassUid, destination: target });
    return retrieve(association, { remote, name: 'C-MOVE', query, options }, context, command);
  });
}

/** An instance of a C-GET, from its first byte on. */
function beginInstance(
  { context, command }: Request,
  receive: (instance: ReceivedInstance) => Promise<number>,
): StoreSink {
  const sopClassUid = command.AffectedSOPClassUID ?? '';
  const sopInstanceUid = command.AffectedSOPInstanceUID ?? '';
  const { transferSyntax } = context;
  const pipe = createBytePipe();
  pipe.push(encodeFileMeta({ sopClassUid, sopInstanceUid, transferSyntax }));
  const received = receive({ sopClassUid, sopInstanceUid, transferSyntax, file: pipe.bytes });
  received.catch(() => {});
  return {
    push: pipe.push,
    async finish() {
      pipe.end();
      return received;
    },
    async abort() {
      pipe.fail(new PharosError('NetworkProtocol', 'The instance did not arrive completely'));
      await received.catch(() => {});
    },
  };
}

/** See `ModalityNetwork.get`. */
export async function getFrom(
  deps: ModalityNetworkDeps,
  remote: RemoteModality,
  query: NetworkQuery,
  receive: (instance: ReceivedInstance) => Promise<number>,
  options?: MoveOptions,
): Promise<MoveOutcome> {
  const sopClassUid = classOf(query.model, 'get');
  const proposal = {
    contexts: [sopClassUid, ...retrievable].map((abstractSyntax) => ({
      abstractSyntax,
      transferSyntaxes: genericSyntaxes,
    })),
    roles: retrievable.map((uid) => ({ sopClassUid: uid, scu: false, scp: true })),
    services: [createStoreService({ begin: (request) => beginInstance(request, receive) })],
  };
  return onAssociation(deps, remote, proposal, async (association) => {
    const context = contextOf(association, remote, sopClassUid);
    const command = getRequest({ messageId: 0, sopClassUid });
    return retrieve(association, { remote, name: 'C-GET', query, options }, context, command);
  });
}
