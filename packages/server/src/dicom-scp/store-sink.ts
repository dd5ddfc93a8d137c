// C-STORE onto the ingest pipeline: the file meta header is made anew (PS3.10 7.1), the data set goes through byte for byte.
import { encodeFileMeta } from '@pharos/dicom';
import { type Request, Status, type StoreSink } from '@pharos/dimse';
import { type Origin, PharosError } from '../model/index.ts';
import type { Ingest } from '../services/index.ts';

/** Begins the instance that a C-STORE request announces. */
export function beginInstance(ingest: Pick<Ingest, 'begin'>, { association, context, command }: Request): StoreSink {
  const sopClassUid = command.AffectedSOPClassUID ?? '';
  const sopInstanceUid = command.AffectedSOPInstanceUID ?? '';
  const meta = encodeFileMeta({
    sopClassUid,
    sopInstanceUid,
    transferSyntax: context.transferSyntax,
  });
  const intake = ingest.begin(
    {
      origin: 'DicomProtocol',
      remoteAet: association.callingAet,
      remoteIp: association.remoteAddress,
      calledAet: association.calledAet,
      ...originatorOf(command),
    },
    { sopClassUid, sopInstanceUid },
  );
  let first = intake.push(meta);
  // Its failure is seen where it is awaited.
  first?.catch(() => {});
  let isEmpty = true;
  const abort = async (): Promise<void> => {
    await first?.catch(() => {});
    await intake.abort();
  };
  return {
    push(chunk) {
      isEmpty = false;
      if (!first) return intake.push(chunk);
      const ready = first;
      first = undefined;
      return ready.then(() => intake.push(chunk));
    },
    async finish() {
      if (isEmpty) {
        await abort();
        throw new PharosError('NoSopClassOrInstance');
      }
      await first;
      const { dimseStatus = Status.success } = await intake.finish();
      return dimseStatus;
    },
    abort,
  };
}

function originatorOf(command: Request['command']): Pick<Origin, 'moveOriginator'> {
  const { MoveOriginatorApplicationEntityTitle: aet, MoveOriginatorMessageID: messageId } = command;
  return aet === undefined || messageId === undefined ? {} : { moveOriginator: { aet, messageId } };
}

/** Status of a C-STORE that failed (PS3.4 B.2.3). */
export function storeStatusOf(error: unknown): number {
  if (!(error instanceof PharosError)) return Status.outOfResources;
  if (error.code === 'NoSopClassOrInstance') return Status.cannotUnderstand;
  if (error.code === 'SopMismatch') return Status.dataSetDoesNotMatchSopClass;
  return Status.outOfResources;
}
