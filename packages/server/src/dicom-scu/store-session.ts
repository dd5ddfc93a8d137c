// C-STORE as SCU (PS3.4 B): many instances over one association, which is negotiated anew where it has no presentation context for
// the next one, and opened again where the peer ended it in between.
import { begun, DicomError, dataSetBytes, isReencodable, reencode } from '@pharos/dicom';
import { type AcceptedContext, type Association, AssociationError, type DataSource, isStored } from '@pharos/dimse';
import { PharosError, type Settings } from '../model/index.ts';
import type { MoveOriginator, OutgoingInstance, RemoteModality, StoreSession } from '../ports/index.ts';
import { type AssociationDeps, open, statusFailure, step } from './association-steps.ts';
import { createStoreProposal } from './store-proposal.ts';

export interface StoreDeps extends AssociationDeps {
  readonly settings: Pick<Settings, 'MaximumPduLength' | 'DicomScuPreferredTransferSyntax' | 'TranscodeDicomProtocol'>;
}

/** An instance that is about to be sent, without its meta header. */
export interface OutgoingDataSet extends Omit<OutgoingInstance, 'open' | 'lendDataSet' | 'length' | 'transcode'> {
  /** To be read to the end, or left. */
  dataSet(): AsyncIterable<Uint8Array>;
  /** As `OutgoingInstance.lendDataSet`. */
  lendDataSet?(): Promise<DataSource>;
  /** In the first of these transfer syntaxes that can be written. @throws PharosError NotImplemented, BadFileFormat */
  transcode?(syntaxes: readonly string[]): Promise<OutgoingDataSet>;
}

interface Current {
  readonly association: Association;
  /** Instances that went over it. */
  sent: number;
}

export interface DataSetSession extends Pick<StoreSession, 'close' | 'abort'> {
  /** As `StoreSession.store`. */
  send(instance: OutgoingDataSet, originator?: MoveOriginator): Promise<void>;
}

/** @param fills proposes common storage classes too, for the instances that may follow */
export function createDataSetSession(deps: StoreDeps, remote: RemoteModality, fills: boolean): DataSetSession {
  const { settings, log } = deps;
  const proposal = createStoreProposal(settings.DicomScuPreferredTransferSyntax, fills);
  const transcodes = settings.TranscodeDicomProtocol && remote.allowsTranscoding !== false;
  let current: Current | undefined;
  let isAborted = false;

  const release = async (): Promise<void> => {
    const { association } = current ?? {};
    current = undefined;
    await association?.release();
  };

  /** An association that was negotiated with this instance in mind. */
  const associationFor = async (instance: OutgoingDataSet): Promise<Current> => {
    const isNew = proposal.add(instance);
    if (current && (!isNew || current.association.findContext(instance.sopClassUid, instance.transferSyntax))) {
      return current;
    }
    await release();
    const association = await open(deps, remote, { contexts: proposal.contexts() });
    if (isAborted) association.abort();
    current = { association, sent: 0 };
    return current;
  };

  /** As it is where the peer takes that; else in the preferred syntax, or one without compression. */
  const prepare = async (association: Association, instance: OutgoingDataSet): Promise<Prepared> => {
    const { sopClassUid, transferSyntax } = instance;
    const contextIn = (syntax: string): AcceptedContext | undefined => association.findContext(sopClassUid, syntax);
    const exact = contextIn(transferSyntax);
    if (exact) return { ...instance, context: exact, data: await dataOf(instance) };
    const accepted = transcodes ? proposal.targets.filter(contextIn) : [];
    const written = await transcoded(instance, accepted).catch((error: unknown) => {
      if (error instanceof PharosError && error.code === 'NotImplemented') return undefined;
      throw error;
    });
    const context = written && contextIn(written.transferSyntax);
    if (!context) throw noContext(remote, instance);
    return { ...written, context, data: await begun(written.dataSet()) };
  };

  const sendOn = async (on: Current, instance: OutgoingDataSet, moveOriginator?: MoveOriginator): Promise<void> => {
    const { sopClassUid, sopInstanceUid, data, context } = await prepare(on.association, instance);
    const status = await step(remote, 'C-STORE', () =>
      on.association.store({ contextId: context.id, sopClassUid, sopInstanceUid, data, moveOriginator }),
    ).catch((error: unknown) => {
      // It is over, whoever ended it: the peer, or this side, which could not read on.
      current = undefined;
      throw error;
    });
    on.sent += 1;
    if (!isStored(status)) throw statusFailure(remote, 'C-STORE', status);
  };

  /** False where a peer ended the association that had served before: it may do so when it has had enough of it. */
  const isSent = async (instance: OutgoingDataSet, originator?: MoveOriginator): Promise<boolean> => {
    const on = await associationFor(instance);
    try {
      await sendOn(on, instance, originator);
      return true;
    } catch (error) {
      if (!endedAssociation(error) || on.sent === 0 || isAborted) throw error;
      return false;
    }
  };

  return {
    async send(instance, originator) {
      if (await isSent(instance, originator)) return;
      log.of('dicom').info(`AET "${remote.aet}" has ended the association; another one is opened`);
      await isSent(instance, originator);
    },
    abort() {
      isAborted = true;
      current?.association.abort();
    },
    close: release,
  };
}

/** C-STORE of stored instances; see the port. */
export function openStoreSession(deps: StoreDeps, remote: RemoteModality): StoreSession {
  const session = createDataSetSession(deps, remote, true);
  return {
    store: (instance, originator) =>
      session.send(outgoingDataSet(instance), originator).catch((error: unknown) => {
        throw error instanceof DicomError ? unreadable(error) : error;
      }),
    close: session.close,
    abort: session.abort,
  };
}

function outgoingDataSet({ open: openFile, transcode, ...instance }: OutgoingInstance): OutgoingDataSet {
  return {
    ...instance,
    dataSet: () => dataSetBytes(openFile()),
    transcode: transcode && (async (syntaxes) => outgoingDataSet(await transcode(syntaxes))),
  };
}

function unreadable(cause: DicomError): PharosError {
  return new PharosError('BadFileFormat', { details: cause.message, cause });
}

interface Prepared {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly context: AcceptedContext;
  readonly data: DataSource;
}

/** The beginning is read by now: what fails there costs nothing but this instance. */
async function dataOf(instance: OutgoingDataSet): Promise<DataSource> {
  return (await instance.lendDataSet?.()) ?? begun(instance.dataSet());
}

/** undefined: in none of them. @throws PharosError, DicomError */
async function transcoded(
  instance: OutgoingDataSet,
  syntaxes: readonly string[],
): Promise<OutgoingDataSet | undefined> {
  if (syntaxes.length === 0) return undefined;
  if (instance.transcode) return instance.transcode(syntaxes);
  const transferSyntax = isReencodable(instance.transferSyntax) ? syntaxes.find(isReencodable) : undefined;
  if (transferSyntax === undefined) return undefined;
  const bytes = await reencode(instance.dataSet(), instance.transferSyntax, transferSyntax);
  return {
    ...instance,
    transferSyntax,
    async *dataSet() {
      yield bytes;
    },
  };
}

function endedAssociation(error: unknown): boolean {
  return error instanceof PharosError && error.cause instanceof AssociationError;
}

function noContext(remote: RemoteModality, { sopClassUid, transferSyntax }: OutgoingDataSet): PharosError {
  const details = `SOP class ${sopClassUid} in transfer syntax ${transferSyntax} to AET "${remote.aet}"`;
  return new PharosError('NoPresentationContext', details);
}
