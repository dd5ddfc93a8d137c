// Revisions on the wire: `"<revision>-<MD5 of the value>"` in ETag, If-Match and If-None-Match.
import { createHash } from 'node:crypto';
import { PharosError } from '../../model/index.ts';
import type { ExpectedRevision, RevisionOutcome } from '../../ports/index.ts';

export interface Revision {
  readonly revision: number;
  /** Lower-case hex. */
  readonly md5: string;
}

export function md5Of(value: string): string {
  return createHash('md5').update(value, 'utf8').digest('hex');
}

export function etagOf({ revision, md5 }: Revision): Readonly<Record<string, string>> {
  return { ETag: `"${revision}-${md5}"` };
}

const shape = /^(\d{1,15})-(.*)$/;

function withoutQuotes(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** @param context headers that the answer has anyway. @throws PharosError ParameterOutOfRange where the header is no revision */
export function revisionOf(
  header: string | undefined,
  context: Readonly<Record<string, string>> = {},
): Revision | undefined {
  if (header === undefined) return undefined;
  const match = shape.exec(withoutQuotes(header.trim()));
  if (match) return { revision: Number(match[1]), md5: match[2] ?? '' };
  throw new PharosError('ParameterOutOfRange', {
    details: 'If-Match and If-None-Match must contain an ETag: a revision, a dash and an MD5',
    headers: context,
  });
}

export function isSameRevision(a: Revision | undefined, b: Revision): boolean {
  return a?.revision === b.revision && a.md5 === b.md5;
}

interface Change {
  readonly ifMatch: string | undefined;
  /** CheckRevisions of the configuration. */
  readonly isMandatory: boolean;
}

/** What a PUT expects. A value that does not exist may be set whatever the header says. */
export function expectedBySet({ ifMatch, isMandatory }: Change, exists: boolean): ExpectedRevision | undefined {
  const given = revisionOf(ifMatch);
  if (given && exists) return given;
  return given || isMandatory ? { revision: undefined } : undefined;
}

/** What a DELETE expects. @throws PharosError Revision where the header is missing but mandatory */
export function expectedByDelete({ ifMatch, isMandatory }: Change): ExpectedRevision | undefined {
  const given = revisionOf(ifMatch);
  if (given || !isMandatory) return given;
  throw new PharosError('Revision', 'HTTP header "If-Match" is missing, as "CheckRevisions" is "true"');
}

/** The new revision. @throws PharosError Revision, UnknownResource */
export function revisionAfter(outcome: RevisionOutcome): number {
  if (outcome.status === 'Done') return outcome.revision;
  throw new PharosError(outcome.status === 'Conflict' ? 'Revision' : 'UnknownResource');
}
