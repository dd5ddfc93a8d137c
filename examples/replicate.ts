// Copies all instances from one server to another.
import { parseArgs } from 'node:util';
import { type PharosClient, PharosClientError } from '@pharos/client';
import { countOption, type ExampleInput, explained, runExample, UsageError } from './shared/run-example.ts';
import { connect, idsOf, ifThere } from './shared/server.ts';

const help = `
Usage: node examples/replicate.ts [options] SOURCE TARGET

Copies all instances from one server to another, byte for byte. What the target has already is
passed over: after an interruption, run it again. Labels, metadata and attachments stay behind.

SOURCE and TARGET are URLs: http://localhost:8042/ or http://user:password@example.org/orthanc/

  --parallel=N   copy so many instances at a time (4)
  --help

Ends with 0 where all was copied, 1 where something failed.
`;

interface Counts {
  copied: number;
  present: number;
  failed: number;
}

interface Replication {
  readonly source: PharosClient;
  readonly target: PharosClient;
  readonly counts: Counts;
  readonly input: ExampleInput;
}

async function instancesOf(server: PharosClient, study: string, signal: AbortSignal): Promise<readonly string[]> {
  const options = { params: { id: study }, query: { expand: false }, signal };
  return idsOf((await ifThere(server.get('/studies/{id}/instances', options))) ?? []);
}

/** Pours an instance from one server into the other. False where the source has it no more. */
async function copyInstance({ source, target, input }: Replication, id: string): Promise<boolean> {
  const { signal } = input;
  const file = await ifThere(source.get('/instances/{id}/file', { params: { id }, signal }));
  if (!file?.body) return false;
  const headers = { 'Content-Type': 'application/dicom' };
  const stored = await target.post('/instances', { body: file.body, headers, signal });
  if ('Status' in stored && stored.Status === 'FilteredOut') throw new PharosClientError('the target does not want it');
  return true;
}

/** Copies one, and tells what went wrong. @throws where one of the servers does not answer any more */
async function tryInstance(replication: Replication, id: string): Promise<void> {
  const { source, target, counts, input } = replication;
  try {
    if (await copyInstance(replication, id)) counts.copied += 1;
  } catch (error) {
    input.signal.throwIfAborted();
    await Promise.all([source, target].map((server) => server.get('/system', { signal: input.signal })));
    counts.failed += 1;
    input.complain(`Instance ${id} was not copied: ${explained(error)}`);
  }
}

/** Runs so many tasks at a time; after one that throws, no other begins. */
async function inParallel<T>(items: readonly T[], limit: number, task: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items].reverse();
  const worker = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      await task(item).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

async function replicateStudy(replication: Replication, study: string, parallel: number): Promise<number> {
  const { source, target, counts, input } = replication;
  const [wanted, present] = await Promise.all(
    [source, target].map((server) => instancesOf(server, study, input.signal)),
  );
  const there = new Set(present);
  const missing = (wanted ?? []).filter((id) => !there.has(id));
  counts.present += (wanted?.length ?? 0) - missing.length;
  await inParallel(missing, parallel, (id) => tryInstance(replication, id));
  return missing.length;
}

async function replicate(input: ExampleInput): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: input.args,
    allowPositionals: true,
    options: { parallel: { type: 'string', default: '4' } },
  });
  const [from, to, ...others] = positionals;
  if (from === undefined || to === undefined || others.length > 0) throw new UsageError('Two servers are needed');
  const parallel = countOption('parallel', values.parallel);
  const counts: Counts = { copied: 0, present: 0, failed: 0 };
  const [source, target] = [await connect(from, input.signal), await connect(to, input.signal)];
  const studies = idsOf(await source.get('/studies', { signal: input.signal }));
  input.say(`${studies.length} studies from ${source.url} to ${target.url}`);
  for (const [index, study] of studies.entries()) {
    const missing = await replicateStudy({ source, target, counts, input }, study, parallel);
    if (missing > 0) input.say(`Study ${index + 1} of ${studies.length}: ${missing} instances were missing`);
  }
  input.say(`${counts.copied} instances copied, ${counts.present} were there, ${counts.failed} failed`);
  return counts.failed === 0;
}

await runExample(help, replicate);
