// Makes an anonymized copy of every patient of a server.
import { parseArgs } from 'node:util';
import { type PharosClient, PharosJobError, type Resource } from '@pharos/client';
import { type ExampleInput, explained, runExample } from './shared/run-example.ts';
import { connect, expandedOf, tagText, urlOf } from './shared/server.ts';

const help = `
Usage: node examples/anonymize-all-patients.ts [options] [SERVER]

Makes an anonymized copy of every patient, stored on the same server; the originals stay. Patients
that are anonymized copies, or have one, are passed over: after an interruption, run it again.

SERVER is a URL, http://localhost:8042/ unless told otherwise; it may hold user:password@

  --keep=TAG   a tag to keep, as often as needed (StudyDescription and SeriesDescription)
  --again      also the patients whose copy lacks instances
  --help

Ends with 0 where all were anonymized, 1 where something failed.
`;

const keptByDefault = ['StudyDescription', 'SeriesDescription'];

/** A copy, or a patient whom an anonymization elsewhere has renamed. */
function isAnonymized(patient: Resource): boolean {
  return patient.AnonymizedFrom !== undefined || /^anonymized/i.test(tagText(patient, 'PatientName'));
}

async function instanceCount(server: PharosClient, id: string, signal: AbortSignal): Promise<number> {
  const { CountInstances: count } = await server.get('/patients/{id}/statistics', { params: { id }, signal });
  return Number(count);
}

type Work = 'new' | 'done' | 'incomplete';

/** What there is to do for a patient, given the copies of it. */
async function workFor(
  server: PharosClient,
  patient: string,
  copies: readonly Resource[],
  signal: AbortSignal,
): Promise<Work> {
  if (copies.length === 0) return 'new';
  const wanted = await instanceCount(server, patient, signal);
  const counts = await Promise.all(copies.map(({ ID }) => instanceCount(server, ID, signal)));
  return counts.some((count) => count >= wanted) ? 'done' : 'incomplete';
}

interface Anonymization {
  readonly server: PharosClient;
  readonly keep: readonly string[];
  readonly input: ExampleInput;
}

/** The job runs on the server: it goes on where this program ends. False where it failed. */
async function anonymize({ server, keep, input }: Anonymization, id: string, label: string): Promise<boolean> {
  const { signal } = input;
  try {
    const body = { Keep: keep, Asynchronous: true };
    const submitted = await server.post('/patients/{id}/anonymize', { params: { id }, body, signal });
    const onProgress = ({ Progress }: { readonly Progress: number }) => input.say(`${label}: ${Progress} %`);
    const { Content: content } = await server.waitForJob(submitted, { signal, onProgress });
    input.say(`${label}: the copy is ${content.ID}`);
    return true;
  } catch (error) {
    if (!(error instanceof PharosJobError)) throw error;
    input.complain(`${label} was not anonymized: ${explained(error)}`);
    return false;
  }
}

async function anonymizeAll(input: ExampleInput): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: input.args,
    allowPositionals: true,
    options: { keep: { type: 'string', multiple: true, default: keptByDefault }, again: { type: 'boolean' } },
  });
  const server = await connect(urlOf(positionals), input.signal);
  const patients = expandedOf(await server.get('/patients', { query: { expand: true }, signal: input.signal }));
  const copies = Map.groupBy(patients, ({ AnonymizedFrom }) => AnonymizedFrom);
  const originals = patients.filter((patient) => !isAnonymized(patient));
  const counts = { done: 0, present: 0, failed: 0 };
  input.say(`${originals.length} patients at ${server.url}`);
  for (const [index, { ID: id }] of originals.entries()) {
    const label = `Patient ${index + 1} of ${originals.length} (${id})`;
    const work = await workFor(server, id, copies.get(id) ?? [], input.signal);
    if (work === 'done') counts.present += 1;
    else if (work === 'incomplete' && !values.again) {
      counts.failed += 1;
      input.complain(`${label} has a copy that lacks instances: delete it, or use --again`);
    } else if (await anonymize({ server, keep: values.keep, input }, id, label)) counts.done += 1;
    else counts.failed += 1;
  }
  input.say(`${counts.done} patients anonymized, ${counts.present} had been before, ${counts.failed} failed`);
  return counts.failed === 0;
}

await runExample(help, anonymizeAll);
