// /tools/log-level: how much is logged, for the whole server and by category.
import { empty, routeFor, text } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import { type LogLevel, logCategories } from '../ports/index.ts';
import type { Services } from '../services/index.ts';
import { wordBody } from './plain-body.ts';

const route = routeFor<Services>();
const tag = 'Logs';
const plain = 'text/plain';

function levelOf(word: string): LogLevel {
  if (word === 'default' || word === 'verbose' || word === 'trace') return word;
  throw new PharosError(
    'ParameterOutOfRange',
    `Verbosity can be "default", "verbose" or "trace": ${word.slice(0, 64)}`,
  );
}

const overall = [
  route({
    method: 'GET',
    path: '/tools/log-level',
    summary: 'How much is logged: default, verbose or trace',
    tag,
    reply: plain,
    handler: (_request, { log }) => text(log.level('generic')),
  }),
  route({
    method: 'PUT',
    path: '/tools/log-level',
    summary: 'Changes it for all categories',
    tag,
    reply: plain,
    handler: async ({ body }, { log }) => {
      log.setLevel(levelOf(await wordBody(body)));
      return empty();
    },
  }),
];

const byCategory = logCategories.flatMap((category) => [
  route({
    method: 'GET',
    path: `/tools/log-level-${category}`,
    summary: `How much is logged of category ${category}`,
    tag,
    reply: plain,
    handler: (_request, { log }) => text(log.level(category)),
  }),
  route({
    method: 'PUT',
    path: `/tools/log-level-${category}`,
    summary: `Changes it for category ${category}`,
    tag,
    reply: plain,
    handler: async ({ body }, { log }) => {
      log.setLevel(levelOf(await wordBody(body)), category);
      return empty();
    },
  }),
]);

export const logRoutes = [...overall, ...byCategory];
