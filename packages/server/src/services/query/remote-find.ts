// C-FIND to remote modalities: the answers of one request, as a whole, within a bound.
import { type DataSet, DicomError, editDataSet, Tag } from '@pharos/dicom';
import { type Level, PharosError } from '../../model/index.ts';
import type { NetworkQuery, RemoteModality } from '../../ports/index.ts';
import type { Manufacturer, Services } from '../services.ts';
import { findIdentifier, type QueryKeys } from './remote-identifier.ts';
import { isTemplateKey, retrieveLevels, templates } from './remote-templates.ts';

export type RemoteFindDependencies = {
  readonly network: Pick<Services['network'], 'find'>;
  readonly live: Pick<Services['live'], 'fallbackCharset'>;
};

/** Answers of one C-FIND, in the order in which they came. */
export interface RemoteAnswers {
  readonly answers: readonly DataSet[];
  /** What they take in memory, about. */
  readonly bytes: number;
}

/** What is held of the answers to one C-FIND; a peer that sends more is cut off. */
export const answerLimits = { count: 100_000, bytes: 128 * 1024 * 1024 };

export interface RemoteFind {
  readonly remote: RemoteModality;
  readonly manufacturer: Manufacturer;
  readonly level: Level;
  readonly keys: QueryKeys;
  readonly normalize: boolean;
}

/** What an element takes beside its value. */
const elementBytes = 64;

/** @throws DicomError where sequences are broken */
function sizeOf(dataSet: DataSet): number {
  let bytes = elementBytes;
  for (const { items, bytes: value } of dataSet.elements()) {
    bytes += elementBytes + (items ? items.reduce((sum, item) => sum + sizeOf(item), 0) : value.byteLength);
  }
  return bytes;
}

/** @throws PharosError NetworkProtocol for more answers than can be held, for broken ones; what the network throws */
export async function collectAnswers(
  { network }: Pick<RemoteFindDependencies, 'network'>,
  remote: RemoteModality,
  query: NetworkQuery,
): Promise<RemoteAnswers> {
  const answers: DataSet[] = [];
  let bytes = 0;
  for await (const answer of network.find(remote, query)) {
    bytes += readAnswer(() => sizeOf(answer));
    answers.push(answer);
    if (answers.length > answerLimits.count || bytes > answerLimits.bytes) {
      const details = `C-FIND SCU to AET "${remote.aet}" has more answers than can be held: make the query narrower`;
      throw new PharosError('NetworkProtocol', details);
    }
  }
  return { answers, bytes };
}

/** What `read` finds in an answer. @throws PharosError NetworkProtocol where it cannot be read */
export function readAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DicomError)) throw cause;
    throw new PharosError('NetworkProtocol', {
      details: `An answer to C-FIND cannot be read: ${cause.message}`,
      cause,
    });
  }
}

/**
 * Answers always tell their level, also those of peers that leave it out.
 * @throws PharosError BadFileFormat for a value that its VR cannot hold; what the network throws
 */
export async function findRemote(
  dependencies: RemoteFindDependencies,
  { remote, ...query }: RemoteFind,
): Promise<RemoteAnswers> {
  const identifier = findIdentifier({ ...query, charset: dependencies.live.fallbackCharset() });
  const model = query.level === 'Patient' ? 'patient-root' : 'study-root';
  const level = { tag: Tag.QueryRetrieveLevel, value: retrieveLevels[query.level] };
  const { answers, bytes } = await collectAnswers(dependencies, remote, { model, identifier });
  const isComplete = (answer: DataSet) => answer.has(Tag.QueryRetrieveLevel);
  return { answers: answers.map((answer) => (isComplete(answer) ? answer : editDataSet(answer, [level]))), bytes };
}

/** The search of find-patient and its neighbours: the template of the level with those keys of the client that belong to it. */
export function findByTemplate(
  dependencies: RemoteFindDependencies & Pick<Services, 'mainTags'>,
  { keys, ...query }: Omit<RemoteFind, 'normalize'>,
): Promise<RemoteAnswers> {
  const merged = new Map<Tag, string>(templates[query.level].map((tag) => [tag, '']));
  for (const [tag, value] of keys) if (isTemplateKey(tag, query.level, dependencies.mainTags)) merged.set(tag, value);
  return findRemote(dependencies, { ...query, keys: merged, normalize: true });
}
