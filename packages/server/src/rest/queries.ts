// /queries: what was asked of modalities, and what they answered.
import { empty, json, query as queryArguments, Type, text } from '../http/index.ts';
import { isAbove, type Level } from '../model/index.ts';
import { answerAt, queryAnswerRoutes } from './query-answers.ts';
import { answerJson, keysJson } from './query-json.ts';
import { queryRoute as route } from './query-services.ts';
import { formatQuery, fullFormatOf } from './shapes/tag-arguments.ts';

const tag = 'Queries';
const plain = 'text/plain';
const names = Type.Array(Type.String());
const tagsShape = Type.Record(Type.String(), Type.Unknown());

const readingRoutes = [
  route({
    method: 'GET',
    path: '/queries',
    summary: 'Identifiers of the queries that are kept',
    tag,
    reply: names,
    handler: (_request, { queries }) => json(queries.ids()),
  }),
  route({
    method: 'GET',
    path: '/queries/:id',
    summary: 'What can be asked of a query',
    tag,
    reply: names,
    handler: ({ params }, { queries }) => {
      queries.get(params.id);
      return json(['answers', 'level', 'modality', 'query', 'retrieve']);
    },
  }),
  route({
    method: 'DELETE',
    path: '/queries/:id',
    summary: 'Forgets a query',
    tag,
    reply: plain,
    handler: ({ params }, { queries }) => {
      queries.remove(params.id);
      return empty();
    },
  }),
  route({
    method: 'GET',
    path: '/queries/:id/level',
    summary: 'Level of a query: Patient, Study, Series or Instance',
    tag,
    reply: plain,
    handler: ({ params }, { queries }) => text(queries.get(params.id).level),
  }),
  route({
    method: 'GET',
    path: '/queries/:id/modality',
    summary: 'Name of the modality that was asked',
    tag,
    reply: plain,
    handler: ({ params }, { queries }) => text(queries.get(params.id).modality),
  }),
  route({
    method: 'GET',
    path: '/queries/:id/query',
    summary: 'The keys of a query as they were given',
    tag,
    query: formatQuery,
    reply: tagsShape,
    handler: ({ params, query }, { queries, dictionary }) =>
      json(keysJson(queries.get(params.id).keys, fullFormatOf(query), dictionary)),
  }),
];

const answerRoutes = [
  route({
    method: 'GET',
    path: '/queries/:id/answers',
    summary: 'Indices of the answers, or the answers',
    tag,
    query: { expand: queryArguments.boolean('The answers themselves', false), ...formatQuery },
    reply: Type.Union([names, Type.Array(tagsShape)]),
    handler: ({ params, query }, { queries, dictionary }) => {
      const { answers } = queries.get(params.id);
      if (!query.expand) return json(answers.map((_answer, index) => String(index)));
      return json(answers.map((answer) => answerJson(answer, fullFormatOf(query), dictionary)));
    },
  }),
  route({
    method: 'GET',
    path: '/queries/:id/answers/:index',
    summary: 'What can be asked of an answer',
    tag,
    reply: names,
    handler: ({ params }, { queries }) => {
      const query = queries.get(params.id);
      answerAt(query, params.index);
      // Clients know the first of these names, though the route is query-studies.
      const below: readonly (readonly [string, Level])[] = [
        ['query-study', 'Study'],
        ['query-series', 'Series'],
        ['query-instances', 'Instance'],
      ];
      const children = below.filter(([, level]) => isAbove(query.level, level)).map(([name]) => name);
      return json(['content', 'retrieve', ...children]);
    },
  }),
  route({
    method: 'GET',
    path: '/queries/:id/answers/:index/content',
    summary: 'Tags of an answer',
    tag,
    query: formatQuery,
    reply: tagsShape,
    handler: ({ params, query }, { queries, dictionary }) =>
      json(answerJson(answerAt(queries.get(params.id), params.index), fullFormatOf(query), dictionary)),
  }),
];

export const queryRoutes = [...readingRoutes, ...answerRoutes, ...queryAnswerRoutes];
