// What became of the storage commitments that were asked for: in memory, the oldest forgotten first.
import type { CommitmentReference, FailedReference, ReportedCommitment } from './commitment-data.ts';

export interface CommitmentReport {
  readonly status: 'Pending' | 'Success' | 'Failure';
  readonly remoteAet: string;
  readonly committed: readonly CommitmentReference[];
  readonly failed: readonly FailedReference[];
}

export interface CommitmentReports {
  get(transactionUid: string): CommitmentReport | undefined;
  /** A commitment was asked for. */
  expect(transactionUid: string, remoteAet: string): void;
  /** It was not asked for after all. */
  forget(transactionUid: string): void;
  /** The report came, of a commitment that is known or not. */
  take(remoteAet: string, report: ReportedCommitment): void;
}

/** @param settings StorageCommitmentReportsSize: how many are kept, at least one */
export function createCommitmentReports(settings: {
  readonly StorageCommitmentReportsSize: number;
}): CommitmentReports {
  const most = Math.max(1, settings.StorageCommitmentReportsSize);
  /** Oldest first. */
  const reports = new Map<string, CommitmentReport>();
  const put = (transactionUid: string, report: CommitmentReport): void => {
    reports.delete(transactionUid);
    for (const oldest of reports.keys()) {
      if (reports.size < most) break;
      reports.delete(oldest);
    }
    reports.set(transactionUid, report);
  };
  return {
    get: (transactionUid) => reports.get(transactionUid),
    expect: (transactionUid, remoteAet) =>
      put(transactionUid, { status: 'Pending', remoteAet, committed: [], failed: [] }),
    forget: (transactionUid) => void reports.delete(transactionUid),
    take(remoteAet, { transactionUid, committed, failed }) {
      put(transactionUid, { status: failed.length > 0 ? 'Failure' : 'Success', remoteAet, committed, failed });
    },
  };
}
