// What became of the storage commitments that were asked for: in memory, the least recently used forgotten first.
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
  /** It was not asked for after all; a report that has come stays. */
  forget(transactionUid: string): void;
  /** The report came, of a commitment that is known or not. */
  take(remoteAet: string, report: ReportedCommitment): void;
}

/** Instances in all reports together, however few these are; the newest is kept in any case. */
const mostEntries = 500_000;

function sizeOf({ committed, failed }: CommitmentReport): number {
  return 1 + committed.length + failed.length;
}

/** @param settings StorageCommitmentReportsSize: how many are kept, 0 is any number */
export function createCommitmentReports(settings: {
  readonly StorageCommitmentReportsSize: number;
}): CommitmentReports {
  const most = settings.StorageCommitmentReportsSize || Number.POSITIVE_INFINITY;
  /** Least recently used first. */
  const reports = new Map<string, CommitmentReport>();
  let entries = 0;

  const remove = (transactionUid: string): void => {
    const report = reports.get(transactionUid);
    if (report) entries -= sizeOf(report);
    reports.delete(transactionUid);
  };
  const put = (transactionUid: string, report: CommitmentReport): void => {
    remove(transactionUid);
    entries += sizeOf(report);
    for (const leastRecent of reports.keys()) {
      if (reports.size < most && entries <= mostEntries) break;
      remove(leastRecent);
    }
    reports.set(transactionUid, report);
  };

  return {
    get(transactionUid) {
      const report = reports.get(transactionUid);
      if (!report) return undefined;
      reports.delete(transactionUid);
      reports.set(transactionUid, report);
      return report;
    },
    expect: (transactionUid, remoteAet) =>
      put(transactionUid, { status: 'Pending', remoteAet, committed: [], failed: [] }),
    forget(transactionUid) {
      if (reports.get(transactionUid)?.status === 'Pending') remove(transactionUid);
    },
    take(remoteAet, { transactionUid, committed, failed }) {
      put(transactionUid, { status: failed.length > 0 ? 'Failure' : 'Success', remoteAet, committed, failed });
    },
  };
}
