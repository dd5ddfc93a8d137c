// The data sets of storage commitment: requests (PS3.4 table J.3-1) and reports (table J.3-2).
import { createDataSet, type DataSet, DicomError, type ElementInit, parseDataSet, Tag } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';

/** The well-known instance of the push model (PS3.4 J.3.5). */
export const commitmentInstance = '1.2.840.10008.1.20.1.1';

/** A SOP instance. */
export interface CommitmentReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** Failure reasons (PS3.3 C.14.1.1). */
export const FailureReason = {
  processingFailure: 0x0110,
  noSuchInstance: 0x0112,
  classInstanceConflict: 0x0119,
  classNotSupported: 0x0122,
  duplicateTransaction: 0x0131,
  resourceLimitation: 0x0213,
} as const;

export interface FailedReference extends CommitmentReference {
  readonly reason: number;
}

export interface CommitmentRequest {
  readonly transactionUid: string;
  readonly references: readonly CommitmentReference[];
}

export interface ReportedCommitment {
  readonly transactionUid: string;
  readonly committed: readonly CommitmentReference[];
  readonly failed: readonly FailedReference[];
}

/** More than any study has. */
const mostReferences = 100_000;

function itemOf({ sopClassUid, sopInstanceUid }: CommitmentReference): readonly ElementInit[] {
  return [
    { tag: Tag.ReferencedSOPClassUID, value: sopClassUid },
    { tag: Tag.ReferencedSOPInstanceUID, value: sopInstanceUid },
  ];
}

export function commitmentRequest({ transactionUid, references }: CommitmentRequest): DataSet {
  return createDataSet([
    { tag: Tag.TransactionUID, value: transactionUid },
    { tag: Tag.ReferencedSOPSequence, value: references.map(itemOf) },
  ]);
}

/** Sequences without an item are left out, as the standard asks. */
export function commitmentReport({ transactionUid, committed, failed }: ReportedCommitment): DataSet {
  const failures = failed.map((reference) => [
    ...itemOf(reference),
    { tag: Tag.FailureReason, value: reference.reason },
  ]);
  return createDataSet([
    { tag: Tag.TransactionUID, value: transactionUid },
    ...(committed.length > 0 ? [{ tag: Tag.ReferencedSOPSequence, value: committed.map(itemOf) }] : []),
    ...(failed.length > 0 ? [{ tag: Tag.FailedSOPSequence, value: failures }] : []),
  ]);
}

/** @throws PharosError BadRequest */
function parsed(bytes: Uint8Array, transferSyntax: string): DataSet {
  try {
    const { dataSet, problems } = parseDataSet(bytes, transferSyntax, { stopAt: 'end' });
    if (!problems.some(({ code }) => code === 'Truncated' || code === 'TrailingBytes')) return dataSet;
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
  throw new PharosError('BadRequest', 'The information of a storage commitment cannot be read');
}

function transactionIn(dataSet: DataSet): string {
  const uid = dataSet.text(Tag.TransactionUID);
  if (uid) return uid;
  throw new PharosError('BadRequest', 'A storage commitment without a transaction UID');
}

function itemsOf(dataSet: DataSet, sequence: number): readonly DataSet[] {
  const items = dataSet.items(sequence);
  if (items.length <= mostReferences) return items;
  throw new PharosError('BadRequest', `A storage commitment of more than ${mostReferences} instances`);
}

function referenceIn(item: DataSet): CommitmentReference {
  const sopClassUid = item.text(Tag.ReferencedSOPClassUID);
  const sopInstanceUid = item.text(Tag.ReferencedSOPInstanceUID);
  if (sopClassUid && sopInstanceUid) return { sopClassUid, sopInstanceUid };
  throw new PharosError('BadRequest', 'A storage commitment that does not name its instances');
}

/** @throws PharosError BadRequest */
export function readCommitmentRequest(bytes: Uint8Array, transferSyntax: string): CommitmentRequest {
  const dataSet = parsed(bytes, transferSyntax);
  const references = itemsOf(dataSet, Tag.ReferencedSOPSequence).map(referenceIn);
  if (references.length === 0) throw new PharosError('BadRequest', 'A storage commitment of no instance');
  return { transactionUid: transactionIn(dataSet), references };
}

/** @throws PharosError BadRequest */
export function readCommitmentReport(bytes: Uint8Array, transferSyntax: string): ReportedCommitment {
  const dataSet = parsed(bytes, transferSyntax);
  return {
    transactionUid: transactionIn(dataSet),
    committed: itemsOf(dataSet, Tag.ReferencedSOPSequence).map(referenceIn),
    failed: itemsOf(dataSet, Tag.FailedSOPSequence).map((item) => ({
      ...referenceIn(item),
      reason: item.number(Tag.FailureReason) ?? FailureReason.processingFailure,
    })),
  };
}
