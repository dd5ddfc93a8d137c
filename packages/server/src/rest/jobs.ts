// /jobs: work in the background, what becomes of it, and what it made.
import { empty, json, query, type Route, routeFor, stream, Type, unanswered } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import type { Jobs } from '../services/jobs/index.ts';
import { jobJson, jobShape } from './jobs-json.ts';
import { namedAs } from './shapes/content-reply.ts';
import { nothingToSay } from './tools.ts';

const route = routeFor<Services>();
const tag = 'Jobs';

function viewsOf(jobs: Jobs) {
  return jobs.ids().flatMap((id) => jobs.get(id) ?? []);
}

function noOutput(key: string): PharosError {
  return new PharosError('InexistentItem', `Job has no such output: ${key.slice(0, 64)}`);
}

function transition(name: 'cancel' | 'pause' | 'resume' | 'resubmit', summary: string): Route<Services> {
  return route({
    method: 'POST',
    path: `/jobs/:id/${name}`,
    summary,
    tag,
    reply: 'application/json',
    handler: ({ params }, { jobs }) => (jobs[name](params.id) ? nothingToSay() : unanswered),
  });
}

export const jobRoutes: readonly Route<Services>[] = [
  route({
    method: 'GET',
    path: '/jobs',
    summary: 'Identifiers of the jobs',
    tag,
    query: { expand: query.boolean('The jobs themselves', false) },
    reply: Type.Union([Type.Array(Type.String()), Type.Array(jobShape)]),
    handler: ({ query: { expand } }, { jobs }) => json(expand ? viewsOf(jobs).map(jobJson) : jobs.ids()),
  }),
  route({
    method: 'GET',
    path: '/jobs/:id',
    summary: 'A job',
    tag,
    reply: jobShape,
    handler({ params }, { jobs }) {
      const job = jobs.get(params.id);
      return job ? json(jobJson(job)) : unanswered;
    },
  }),
  route({
    method: 'DELETE',
    path: '/jobs/:id',
    summary: 'Forgets a completed job and its outputs',
    tag,
    reply: 'text/plain',
    async handler({ params }, { jobs }) {
      if (await jobs.remove(params.id)) return empty();
      throw new PharosError('InexistentItem', `No completed job with this identifier: ${params.id.slice(0, 64)}`);
    },
  }),
  transition('cancel', 'Ends a job as a failure'),
  transition('pause', 'Pauses a job, at once or after its current step'),
  transition('resume', 'Lets a paused job go on'),
  transition('resubmit', 'Begins a failed job again'),
  route({
    method: 'GET',
    path: '/jobs/:id/:key',
    summary: 'An output of a job that has succeeded, such as its archive',
    tag,
    reply: 'application/octet-stream',
    handler({ params }, { jobs }) {
      const output = jobs.output(params.id, params.key);
      if (!output) throw noOutput(params.key);
      return stream(output.open(), output.mime, output.length, namedAs(output.fileName));
    },
  }),
  route({
    method: 'DELETE',
    path: '/jobs/:id/:key',
    summary: 'Removes an output of a job',
    tag,
    reply: 'text/plain',
    async handler({ params }, { jobs }) {
      if (await jobs.removeOutput(params.id, params.key)) return empty();
      throw noOutput(params.key);
    },
  }),
];
