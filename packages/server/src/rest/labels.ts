// Labels: words that users attach to patients, studies, series and instances.
import { empty, json, type Route, routeFor, Type, unanswered } from '../http/index.ts';
import { type Level, levels, PharosError } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import { levelSegments, levelTags, levelWords, refOf, resourceOf } from './shapes/level-resource.ts';

const route = routeFor<Services>();

const labels = Type.Array(Type.String());

/** @throws PharosError ParameterOutOfRange */
function checkedLabel(label: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(label)) return label;
  throw new PharosError('ParameterOutOfRange', 'A label has 1 to 64 letters, digits, underscores and dashes');
}

function listRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/labels`,
    summary: `Labels of a ${levelWords[level]}`,
    tag: levelTags[level],
    reply: labels,
    async handler({ params }, services) {
      return json((await resourceOf(services, level, params.id, { labels: true })).labels);
    },
  });
}

function testRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/labels/:label`,
    summary: `Whether a ${levelWords[level]} has a label: 404 where it has not`,
    tag: levelTags[level],
    reply: 'text/plain',
    async handler({ params }, services) {
      const resource = await resourceOf(services, level, params.id, { labels: true });
      return resource.labels.includes(params.label) ? empty() : unanswered;
    },
  });
}

function addRoute(level: Level): Route<Services> {
  return route({
    method: 'PUT',
    path: `/${levelSegments[level]}/:id/labels/:label`,
    summary: `Attach a label to a ${levelWords[level]}`,
    tag: levelTags[level],
    reply: 'text/plain',
    writes: true,
    async handler({ params }, services) {
      const label = checkedLabel(params.label);
      const isKnown = await services.index.addLabel(refOf(level, params.id), label);
      if (!isKnown) await resourceOf(services, level, params.id, {});
      return empty();
    },
  });
}

function removeRoute(level: Level): Route<Services> {
  return route({
    method: 'DELETE',
    path: `/${levelSegments[level]}/:id/labels/:label`,
    summary: `Detach a label from a ${levelWords[level]}`,
    tag: levelTags[level],
    reply: 'text/plain',
    writes: true,
    async handler({ params }, services) {
      const label = checkedLabel(params.label);
      const wasThere = await services.index.removeLabel(refOf(level, params.id), label);
      if (!wasThere) await resourceOf(services, level, params.id, {});
      return empty();
    },
  });
}

export const labelRoutes: readonly Route<Services>[] = [
  ...levels.flatMap((level) => [listRoute(level), testRoute(level), addRoute(level), removeRoute(level)]),
  route({
    method: 'GET',
    path: '/tools/labels',
    summary: 'All labels in use',
    tag: 'System',
    reply: labels,
    async handler(_request, { index }) {
      return json(await index.allLabels());
    },
  }),
];
