// What comes of the answers to a query: queries of what is below one, retrieval of one or all.
import { type DataSet, formatTag, Tag } from '@pharos/dicom';
import { parseJson, type Reply, Type } from '../http/index.ts';
import { isAbove, type Level, PharosError } from '../model/index.ts';
import { type RemoteQuery, retrieveItem } from '../services/query/index.ts';
import { addedQuery, askModality } from './modality-query.ts';
import { queryKeysOf } from './query-json.ts';
import { retrievalFields, retrievalReply } from './query-retrieval.ts';
import { type QueryServices, queryRoute as route } from './query-services.ts';
import { modalityNamed } from './remote-modality.ts';
import { isMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';

const tag = 'Queries';

/** @throws PharosError BadParameterType, ParameterOutOfRange */
export function answerAt({ answers }: RemoteQuery, index: string): DataSet {
  if (!/^[+-]?\d{1,15}$/.test(index)) throw new PharosError('BadParameterType', 'The index of an answer is a number');
  const answer = answers[Number(index)];
  if (answer) return answer;
  throw new PharosError('ParameterOutOfRange', `There are ${answers.length} answers, numbered from 0`);
}

/** What in an answer names its resource to the levels below. */
const identifiers: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [Tag.PatientID],
  Study: [Tag.StudyInstanceUID],
  Series: [Tag.StudyInstanceUID, Tag.SeriesInstanceUID],
  Instance: [],
};

/** @throws PharosError InexistentTag */
function identifiersIn(answer: DataSet, level: Level): readonly (readonly [Tag, string])[] {
  return identifiers[level].map((key) => {
    const value = answer.text(key);
    if (value === undefined) throw new PharosError('InexistentTag', `The answer lacks tag ${formatTag(key)}`);
    return [key, value];
  });
}

function childRoute(segment: 'query-studies' | 'query-series' | 'query-instances', level: Level) {
  return route({
    method: 'POST',
    path: `/queries/:id/answers/:index/${segment}`,
    summary: `C-FIND of what is below an answer: ${segment.slice('query-'.length)}`,
    tag,
    body: Type.Object({
      Query: Type.Optional(Type.Record(Type.String(), Type.String())),
      Timeout: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    reply: addedQuery,
    async handler({ params, body }, services) {
      const parent = services.queries.get(params.id);
      const answer = answerAt(parent, params.index);
      if (!isAbove(parent.level, level)) throw new PharosError('UnknownResource');
      const members = await body.json();
      if (!isMembers(members)) throw new PharosError('BadRequest', 'The body must contain a JSON object');
      const asked = Object.hasOwn(members, 'Query') ? queryKeysOf(members.Query, services.dictionary) : [];
      return askModality(services, {
        modality: parent.modality,
        level,
        keys: new Map([...asked, ...identifiersIn(answer, parent.level)]),
        normalize: parent.normalize,
        localAet: '',
        timeout: memberReader(members, 'BadFileFormat').count('Timeout') ?? 0,
      });
    },
  });
}

/** Options of a retrieval: a JSON object, or the title of the target as bare text. @throws PharosError BadRequest */
function retrieveMembers(body: string): JsonMembers {
  const word = body.trim();
  if (word === '') return {};
  const value = jsonOf(word);
  if (value === undefined) return { TargetAet: word };
  if (isMembers(value)) return value;
  throw new PharosError('BadRequest', 'The body must be a JSON object, or the title of the target without quotes');
}

function jsonOf(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/** @throws PharosError BadParameterType, ParameterOutOfRange */
function methodIn(members: JsonMembers): 'C-MOVE' | 'C-GET' | undefined {
  const method = memberReader(members, 'BadParameterType').text('RetrieveMethod');
  if (method === undefined || method === 'C-MOVE' || method === 'C-GET') return method;
  throw new PharosError('ParameterOutOfRange', `Unknown retrieve method: ${method.slice(0, 64)}`);
}

async function retrieveAnswers(
  services: QueryServices,
  query: RemoteQuery,
  answers: readonly DataSet[],
  members: JsonMembers,
): Promise<Reply> {
  const modality = modalityNamed(services, query.modality);
  const member = memberReader(members, 'BadParameterType');
  const preferred = modality.retrieveMethod === 'SystemDefault' ? undefined : modality.retrieveMethod;
  return retrievalReply(services, {
    modality,
    method: methodIn(members) ?? preferred ?? services.settings.DicomDefaultRetrieveMethod,
    level: query.level,
    items: answers.map((answer) => retrieveItem(query.level, (key) => answer.text(key))),
    targetAet: member.text('TargetAet'),
    localAet: query.localAet,
    timeout: member.count('Timeout') || query.timeout,
    members,
  });
}

const retrieveBody = Type.Object({
  TargetAet: Type.Optional(Type.String()),
  RetrieveMethod: Type.Optional(Type.String({ enum: ['C-MOVE', 'C-GET'] })),
  Timeout: Type.Optional(Type.Integer({ minimum: 0 })),
  ...retrievalFields,
});

const retrieveRoutes = [
  route({
    method: 'POST',
    path: '/queries/:id/retrieve',
    summary: 'Retrieves all answers: options as JSON, or the target as bare text',
    tag,
    body: retrieveBody,
    reply: Type.Record(Type.String(), Type.Unknown()),
    async handler({ params, body }, services) {
      const query = services.queries.get(params.id);
      return retrieveAnswers(services, query, query.answers, retrieveMembers(await body.text()));
    },
  }),
  route({
    method: 'POST',
    path: '/queries/:id/answers/:index/retrieve',
    summary: 'Retrieves one answer: options as JSON, or the target as bare text',
    tag,
    body: retrieveBody,
    reply: Type.Record(Type.String(), Type.Unknown()),
    async handler({ params, body }, services) {
      const query = services.queries.get(params.id);
      const answer = answerAt(query, params.index);
      return retrieveAnswers(services, query, [answer], retrieveMembers(await body.text()));
    },
  }),
];

export const queryAnswerRoutes = [
  childRoute('query-studies', 'Study'),
  childRoute('query-series', 'Series'),
  childRoute('query-instances', 'Instance'),
  ...retrieveRoutes,
];
