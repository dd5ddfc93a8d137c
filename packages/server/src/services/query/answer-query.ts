// C-FIND (PS3.4 C.4.1): an identifier becomes a search, each resource that is found becomes an answer. Patient Root and Study Root
// are alike: keys of upper levels may be used at any level, none is required.
import {
  createDataSet,
  createTextCodec,
  type DataSet,
  DicomError,
  type Dictionary,
  type ElementInit,
  Tag,
  type TextCodec,
} from '@pharos/dicom';
import type { Level, Settings } from '../../model/index.ts';
import { type FindDependencies, type FindTerm, findResources, isInFilesOnly } from '../find/index.ts';
import { bareContent, type ResourceView } from '../read/index.ts';
import type { LiveSettings } from '../services.ts';
import { answerValue } from './answer-values.ts';
import { type FindIdentifier, readFindIdentifier } from './find-identifier.ts';

export type QueryDependencies = FindDependencies & {
  readonly settings: Pick<Settings, 'CaseSensitivePN' | 'DicomAet'>;
  readonly dictionary: Pick<Dictionary, 'entry'>;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
};

export interface Query {
  readonly identifier: DataSet;
  /** True once nobody waits for the answers any more: the search ends then, also where it finds nothing. */
  readonly isCancelled?: () => boolean;
}

/** Answers as they are found: no more of them are held than are read at a time. */
export interface QueryAnswers extends AsyncIterable<DataSet> {
  readonly level: Level;
  /** True once the answers are over and LimitFindResults or LimitFindInstances left some out. */
  readonly isCropped: boolean;
}

/** @throws DicomError Malformed */
function canBeHeld(element: ElementInit, charset: string): boolean {
  try {
    createDataSet([element], { charset });
    return true;
  } catch (error) {
    if (error instanceof DicomError) return false;
    throw error;
  }
}

/** Values that their representation cannot hold, out of files that are not as they should be, are left empty. */
function lenientDataSet(elements: readonly ElementInit[], charset: string): DataSet {
  try {
    return createDataSet(elements);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    return createDataSet(
      elements.map((element) => (canBeHeld(element, charset) ? element : { ...element, value: '' })),
    );
  }
}

function answerMaker(identifier: FindIdentifier, deps: QueryDependencies): (view: ResourceView) => DataSet {
  const charset = deps.live.fallbackCharset();
  const codec: TextCodec = createTextCodec(charset, charset);
  const constants = new Map(identifier.constants)
    .set(Tag.SpecificCharacterSet, charset)
    .set(Tag.RetrieveAETitle, deps.settings.DicomAet);
  const same = Array.from(constants, ([tag, value]): ElementInit => ({ tag, value: answerValue(value, 'LO', codec) }));
  const own = identifier.requested.filter(({ tag }) => !constants.has(tag));
  return ({ requested }) => {
    const elements = own.map(
      ({ tag, vr }): ElementInit => ({ tag, vr, value: answerValue(requested?.get(tag), vr, codec) }),
    );
    return lenientDataSet([...same, ...elements], charset);
  };
}

/** Keys that only files hold are not matched unless StorageAccessOnFind says that files may be read for that. */
function matchedTerms(
  { terms, level }: FindIdentifier,
  { settings, mainTags }: QueryDependencies,
): readonly FindTerm[] {
  if (settings.StorageAccessOnFind === 'Always') return terms;
  return terms.filter(({ tag }) => !isInFilesOnly(tag, level, mainTags));
}

function limitOf(level: Level, settings: QueryDependencies['settings']): number {
  const limit = level === 'Instance' ? settings.LimitFindInstances : settings.LimitFindResults;
  return limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

/**
 * Answers an identifier. What cannot be answered is refused at once, not at the first answer.
 * @throws PharosError BadRequest, ParameterOutOfRange: see `readFindIdentifier`
 */
export function answerQuery(deps: QueryDependencies, { identifier: dataSet, isCancelled }: Query): QueryAnswers {
  const identifier = readFindIdentifier(dataSet, deps);
  const { level, requested } = identifier;
  const limit = limitOf(level, deps.settings);
  let isCropped = false;
  const views = findResources(
    { ...deps, settings: { ...deps.settings, LimitFindResults: 0, LimitFindInstances: 0 } },
    {
      level,
      terms: matchedTerms(identifier, deps),
      // One more tells whether the limit leaves any out.
      limit: Number.isFinite(limit) ? limit + 1 : undefined,
    },
    { content: bareContent, requestedTags: requested.map(({ tag }) => tag) },
  );
  const answerOf = answerMaker(identifier, deps);

  async function* answers(): AsyncGenerator<DataSet> {
    if (!identifier.isRetrievableHere) return;
    let given = 0;
    for await (const batch of views) {
      if (isCancelled?.()) return;
      for (const view of batch) {
        if (given === limit) {
          isCropped = true;
          return;
        }
        given += 1;
        yield answerOf(view);
      }
    }
  }

  return {
    level,
    get isCropped() {
      return isCropped;
    },
    [Symbol.asyncIterator]: answers,
  };
}
