// Downloads the studies of a span of days, each as a ZIP archive.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type PharosClient, PharosClientError, type Resource } from '@pharos/client';
import { writeWhole } from './shared/file-writing.ts';
import { type ExampleInput, explained, runExample, UsageError } from './shared/run-example.ts';
import { connect, expandedOf, ifThere, tagText, urlOf } from './shared/server.ts';

const help = `
Usage: node examples/archive-time-range.ts --from=YYYYMMDD --to=YYYYMMDD --target=FOLDER [SERVER]

Downloads the studies whose date is within the span of days, each as a ZIP archive. An archive that
is there is left alone unless its study has changed since: after an interruption, run it again.

SERVER is a URL, http://localhost:8042/ unless told otherwise; it may hold user:password@

  --from=DAY, --to=DAY   the first and the last day; one may be left out
  --target=FOLDER        where the archives go; it is made where it is missing
  --help

Ends with 0 where all archives are there, 1 where something failed.
`;

const settledAfterMs = 1_000;

function dayOption(name: string, text: string | undefined): string {
  if (text === undefined || /^\d{8}$/.test(text)) return text ?? '';
  throw new UsageError(`--${name} must be a day such as 20260131, not "${text}"`);
}

/** The span as DICOM has it. @throws UsageError */
function rangeOf(from: string | undefined, to: string | undefined): string {
  const [first, last] = [dayOption('from', from), dayOption('to', to)];
  if (first === '' && last === '') throw new UsageError('--from or --to is needed');
  if (first !== '' && last !== '' && first > last) throw new UsageError('--from is after --to');
  return `${first}-${last}`;
}

/** A name that every file system takes, whatever the tags hold; the identifier makes it the only one. */
function fileNameOf(study: Resource): string {
  const patient = study.PatientMainDicomTags?.PatientID;
  const words = [tagText(study, 'StudyDate'), patient, tagText(study, 'StudyDescription')]
    .map((word) => String(word ?? '').replace(/[^\p{L}\p{N}_-]+/gu, '_'))
    .filter((word) => word !== '');
  return `${words.join(' ').slice(0, 60)} ${study.ID}.zip`;
}

/** `20260131T101112` in UTC. */
function timeOf(text: string | undefined): Date | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  return year ? new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) : undefined;
}

/** An archive has the time of the last change of its study: another time tells that the study has changed. */
async function isCurrent(path: string, changedAt: Date | undefined): Promise<boolean> {
  const file = await stat(path).catch(() => undefined);
  if (!file) return false;
  return changedAt === undefined || file.mtime.getTime() === changedAt.getTime();
}

/** Times are told in seconds: more may come in the second of the last change, and would not be seen. */
async function isSettledAt(server: PharosClient, changedAt: Date | undefined, signal: AbortSignal): Promise<boolean> {
  const now = timeOf((await server.get('/tools/now', { signal })).trim());
  return now !== undefined && changedAt !== undefined && now.getTime() - changedAt.getTime() > settledAfterMs;
}

interface Download {
  readonly server: PharosClient;
  readonly target: string;
  readonly signal: AbortSignal;
}

type Outcome = 'downloaded' | 'present' | 'gone';

async function archive({ server, target, signal }: Download, study: Resource): Promise<Outcome> {
  const path = join(target, fileNameOf(study));
  const changedAt = timeOf(study.LastUpdate);
  if (await isCurrent(path, changedAt)) return 'present';
  const isSettled = await isSettledAt(server, changedAt, signal);
  const reply = await ifThere(server.get('/studies/{id}/archive', { params: { id: study.ID }, signal }));
  if (!reply?.body) return 'gone';
  await writeWhole(path, reply.body, { changedAt: isSettled ? changedAt : undefined, signal });
  return 'downloaded';
}

/** A refusal, or an archive that breaks off, is of this study alone. @throws where the folder or the server is the trouble */
async function checkOthers({ server, signal }: Download, error: unknown): Promise<void> {
  signal.throwIfAborted();
  const isOfFolder = error instanceof Error && 'syscall' in error && 'path' in error;
  if (isOfFolder) throw error;
  if (error instanceof PharosClientError && error.status !== undefined) return;
  await server.get('/system', { signal });
}

async function archiveAll(input: ExampleInput): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: input.args,
    allowPositionals: true,
    options: { from: { type: 'string' }, to: { type: 'string' }, target: { type: 'string' } },
  });
  const { target } = values;
  const StudyDate = rangeOf(values.from, values.to);
  if (target === undefined) throw new UsageError('--target is needed');
  const { signal } = input;
  const server = await connect(urlOf(positionals), signal);
  await mkdir(target, { recursive: true });
  const body = { Level: 'Study', Query: { StudyDate }, Expand: true };
  const studies = expandedOf(await server.post('/tools/find', { body, signal }));
  input.say(`${studies.length} studies of ${StudyDate} at ${server.url}`);
  const counts = { downloaded: 0, present: 0, gone: 0, failed: 0 };
  for (const [index, study] of studies.entries()) {
    const label = `Study ${index + 1} of ${studies.length} (${study.ID})`;
    try {
      const outcome = await archive({ server, target, signal }, study);
      counts[outcome] += 1;
      input.say(`${label}: ${outcome}`);
    } catch (error) {
      await checkOthers({ server, target, signal }, error);
      counts.failed += 1;
      input.complain(`${label} was not downloaded: ${explained(error)}`);
    }
  }
  input.say(`${counts.downloaded} archives downloaded, ${counts.present} were there, ${counts.failed} failed`);
  return counts.failed === 0;
}

await runExample(help, archiveAll);
