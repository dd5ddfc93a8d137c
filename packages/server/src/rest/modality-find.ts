// Searches of modalities that answer at once: find-patient and its neighbours, which /query replaced, and find-worklist.
import { type DataSet, formatTag, Tag } from '@pharos/dicom';
import { type Json, json, type Reply, type RequestBody, Type, unanswered } from '../http/index.ts';
import { type Level, PharosError } from '../model/index.ts';
import { collectAnswers, dataSetOf, findByTemplate, type QueryKeys } from '../services/query/index.ts';
import { answerJson, bodyFormatOf, scalarKeysOf } from './query-json.ts';
import { type QueryServices, queryRoute as route } from './query-services.ts';
import { worklistElements } from './query-worklist.ts';
import { modalityNamed, remoteOf } from './remote-modality.ts';
import { isMembers, jsonOrNothing } from './shapes/json-body.ts';

const tag = 'Modalities';
const keysShape = Type.Record(Type.String(), Type.String());
const answersShape = Type.Array(Type.Record(Type.String(), Type.Unknown()));

const shortestKey = 3;

/** Keys of so few bytes, such as `*`, would list the whole archive of the peer. */
function isTooShort(keys: QueryKeys, key: Tag): boolean {
  return Buffer.byteLength(keys.get(key) ?? '') < shortestKey;
}

function isTooWide(level: Level, keys: QueryKeys): boolean {
  if (level === 'Patient') return false;
  const unknown = (key: Tag) => isTooShort(keys, key);
  if (unknown(Tag.AccessionNumber) && unknown(Tag.PatientID)) return true;
  if (level === 'Study') return false;
  if (unknown(Tag.StudyInstanceUID)) return true;
  return level === 'Instance' && unknown(Tag.SeriesInstanceUID);
}

/** The keys in the body; undefined where it is no JSON object. @throws PharosError UnknownDicomTag, BadRequest */
async function keysIn(body: RequestBody, { dictionary }: QueryServices): Promise<QueryKeys | undefined> {
  const value = await jsonOrNothing(body);
  return isMembers(value) ? scalarKeysOf(value, dictionary) : undefined;
}

type Search = (level: Level, keys: QueryKeys) => Promise<readonly DataSet[]>;

/** @throws PharosError InexistentItem */
function searchOf(services: QueryServices, name: string): Search {
  const modality = modalityNamed(services, name);
  const remote = remoteOf(modality, {}, services.settings);
  services.log
    .of('http')
    .warn('A deprecated search of a modality was asked for: POST /modalities/{id}/query does the same and more');
  return async (level, keys) => {
    const { manufacturer } = modality;
    return (await findByTemplate(services, { remote, manufacturer, level, keys })).answers;
  };
}

const simplified = (answer: DataSet, { dictionary }: QueryServices) => answerJson(answer, 'simplify', dictionary);

function findRoute(path: `/modalities/:id/find-${string}`, level: Level, word: string) {
  return route({
    method: 'POST',
    path,
    summary: `C-FIND of ${word} by a JSON object {tag: value}; deprecated, see /modalities/{id}/query`,
    tag,
    body: keysShape,
    reply: answersShape,
    async handler({ params, body }, services): Promise<Reply> {
      const keys = await keysIn(body, services);
      if (!keys || isTooWide(level, keys)) return unanswered;
      const answers = await searchOf(services, params.id)(level, keys);
      return json(answers.map((answer) => simplified(answer, services)));
    },
  });
}

/** The keys with the identifiers that an answer gave. @throws PharosError InexistentTag */
function below(keys: QueryKeys, answer: DataSet, identifiers: readonly Tag[]): QueryKeys {
  const narrowed = new Map(keys);
  for (const identifier of identifiers) {
    const text = answer.text(identifier);
    if (text === undefined) throw new PharosError('InexistentTag', `An answer lacks tag ${formatTag(identifier)}`);
    narrowed.set(identifier, text);
  }
  return narrowed;
}

async function studiesJson(services: QueryServices, search: Search, keys: QueryKeys): Promise<readonly Json[]> {
  const studies: Json[] = [];
  for (const study of await search('Study', keys)) {
    const series = await search('Series', below(keys, study, [Tag.PatientID, Tag.StudyInstanceUID]));
    studies.push({ ...simplified(study, services), Series: series.map((answer) => simplified(answer, services)) });
  }
  return studies;
}

const findAll = route({
  method: 'POST',
  path: '/modalities/:id/find',
  summary: 'C-FIND of patients, of their studies and of the series of these; deprecated, see /modalities/{id}/query',
  tag,
  body: keysShape,
  reply: answersShape,
  async handler({ params, body }, services): Promise<Reply> {
    const keys = await keysIn(body, services);
    if (!keys) return unanswered;
    const search = searchOf(services, params.id);
    const patients: Json[] = [];
    for (const patient of await search('Patient', keys)) {
      const studies = await studiesJson(services, search, below(keys, patient, [Tag.PatientID]));
      patients.push({ ...simplified(patient, services), Studies: studies });
    }
    return json(patients);
  },
});

const findWorklist = route({
  method: 'POST',
  path: '/modalities/:id/find-worklist',
  summary: 'C-FIND of a modality worklist by nested keys; sequences are arrays of objects',
  tag,
  body: Type.Object({
    Query: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    Full: Type.Optional(Type.Boolean()),
    Short: Type.Optional(Type.Boolean()),
  }),
  reply: answersShape,
  async handler({ params, body }, services): Promise<Reply> {
    const value = await body.json();
    if (!isMembers(value)) throw new PharosError('BadFileFormat', 'The body must contain a JSON object');
    const isWrapped = Object.hasOwn(value, 'Query');
    const format = isWrapped ? bodyFormatOf(value, 'simplify') : 'simplify';
    const elements = worklistElements(isWrapped ? value.Query : value, services.dictionary);
    const identifier = dataSetOf(elements, services.live.fallbackCharset());
    const remote = remoteOf(modalityNamed(services, params.id), {}, services.settings);
    const { answers } = await collectAnswers(services, remote, { model: 'worklist', identifier });
    return json(answers.map((answer) => answerJson(answer, format, services.dictionary)));
  },
});

export const modalityFindRoutes = [
  findRoute('/modalities/:id/find-patient', 'Patient', 'patients'),
  findRoute('/modalities/:id/find-study', 'Study', 'studies'),
  findRoute('/modalities/:id/find-series', 'Series', 'series'),
  findRoute('/modalities/:id/find-instance', 'Instance', 'instances'),
  findAll,
  findWorklist,
];
