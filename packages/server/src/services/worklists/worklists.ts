// The modality worklist: what modalities find in it, what REST makes of it, and what goes by itself.
import { randomUUID } from 'node:crypto';
import {
  createDataSet,
  createTextCodec,
  type DataSet,
  DicomError,
  type ElementInit,
  encodeDataSet,
  encodeFileMeta,
  generateUid,
  parsePart10,
  Tag,
} from '@pharos/dicom';
import { PharosError, SopClass } from '../../model/index.ts';
import type { Clock, IndexStore, Log, ResourceRef, WorklistStore } from '../../ports/index.ts';
import { copiedElement } from '../query/index.ts';
import type { LiveSettings } from '../services.ts';
import { readWorklistQuery, type WorklistQueryDependencies } from './worklist-query.ts';
import type { WorklistSettings } from './worklist-settings.ts';

export interface Worklist {
  readonly id: string;
  readonly dataSet: DataSet;
}

export interface WorklistFind {
  readonly identifier: DataSet;
  readonly callingAet: string;
  readonly isCancelled: () => boolean;
}

export interface WorklistAnswers extends AsyncIterable<DataSet> {
  /** True once the answers are over and LimitAnswers left some out. */
  readonly isCropped: boolean;
}

export interface Worklists {
  /** @throws PharosError BadRequest, ParameterOutOfRange that say what is wrong with the identifier */
  find(query: WorklistFind): WorklistAnswers;
  all(): AsyncIterable<Worklist>;
  get(id: string): Promise<Worklist | undefined>;
  /** Gives the identifier. @throws PharosError BadFileFormat where a value does not fit */
  create(elements: readonly ElementInit[]): Promise<string>;
  /** False where there is no such entry. @throws PharosError as `create` */
  replace(id: string, elements: readonly ElementInit[]): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  /** The study of an entry is there, as a whole: the entry may go. */
  studyIsStable(resource: ResourceRef): void;
  stop(): Promise<void>;
}

export interface WorklistsDependencies extends WorklistQueryDependencies {
  readonly store: WorklistStore;
  readonly options: WorklistSettings;
  readonly index: Pick<IndexStore, 'get'>;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly clock: Clock;
  readonly log: Log;
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const utf8 = 'ISO_IR 192';
const hour = 3_600_000;

export function createWorklists(deps: WorklistsDependencies): Worklists {
  const { store, options, index, live, clock, log } = deps;
  const logger = log.of('generic');
  /** What runs in the background. */
  let working: Promise<void> = Promise.resolve();

  const read = (id: string, file: Uint8Array): Worklist | undefined => {
    try {
      return { id, dataSet: parsePart10(file, { stopAt: 'end', fallbackCharset: live.fallbackCharset() }).dataSet };
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      logger.warn('A worklist cannot be read and is passed over', { id });
      return undefined;
    }
  };

  async function* all(): AsyncGenerator<Worklist> {
    for await (const { id, file } of store.all()) {
      const worklist = read(id, file);
      if (worklist) yield worklist;
    }
  }

  const removeWhere = async (why: string, isIt: (worklist: Worklist) => boolean): Promise<void> => {
    for await (const worklist of all()) {
      if (!isIt(worklist) || !(await store.remove(worklist.id))) continue;
      logger.info(`A worklist is removed: ${why}`, { id: worklist.id });
    }
  };

  const removeOld = async (): Promise<void> => {
    const oldest = clock.now().getTime() - options.deleteDelay * hour;
    for await (const { id, time } of store.all()) {
      if (time < oldest && (await store.remove(id))) logger.info('A worklist is removed: it is old', { id });
    }
  };

  const removeOfStudy = async ({ id }: ResourceRef): Promise<void> => {
    const tags = (await index.get(id, { tags: true }))?.tags;
    const studyUid = tags?.['0020,000d'];
    if (!studyUid) return;
    await removeWhere('its study is stable', ({ dataSet }) => dataSet.text(Tag.StudyInstanceUID) === studyUid);
  };

  const inBackground = (work: () => Promise<void>): void => {
    working = working.then(work).catch((error: unknown) => {
      logger.error('Worklists could not be put in order; this is tried again', { error });
    });
  };

  const isCleaning = options.isManaged && options.deleteDelay > 0 && options.housekeepingInterval > 0;
  const timer = isCleaning && setInterval(() => inBackground(removeOld), options.housekeepingInterval * 1000);
  if (timer) timer.unref();

  const encoded = (elements: readonly ElementInit[]): Uint8Array => {
    const has = (tag: Tag): boolean => elements.some((element) => element.tag === tag);
    const all = [
      ...(has(Tag.SpecificCharacterSet) ? [] : [{ tag: Tag.SpecificCharacterSet, value: utf8 }]),
      ...(options.setStudyInstanceUid && !has(Tag.StudyInstanceUID)
        ? [{ tag: Tag.StudyInstanceUID, value: generateUid() }]
        : []),
      ...elements,
    ];
    const meta = encodeFileMeta({
      sopClassUid: SopClass.modalityWorklistFind,
      sopInstanceUid: generateUid(),
      transferSyntax: explicitLittleEndian,
    });
    return Buffer.concat([meta, encodeDataSet(dataSetOf(all), explicitLittleEndian)]);
  };

  return {
    all,
    find({ identifier, callingAet, isCancelled }) {
      const query = readWorklistQuery(options.filterIssuerAet ? ofIssuer(identifier, callingAet) : identifier, deps);
      const limit = options.limitAnswers || Number.POSITIVE_INFINITY;
      let isCropped = false;
      async function* answers(): AsyncGenerator<DataSet> {
        let given = 0;
        for await (const { id, dataSet } of all()) {
          if (isCancelled()) return;
          const answer = query.answer(dataSet, live.fallbackCharset());
          if (!answer) continue;
          if (given === limit) {
            isCropped = true;
            return;
          }
          given += 1;
          if (options.logMatchedIds) logger.info('A worklist matches', { id });
          yield createDataSet(answer);
        }
      }
      return {
        get isCropped() {
          return isCropped;
        },
        [Symbol.asyncIterator]: answers,
      };
    },
    async get(id) {
      const stored = await store.get(id);
      return stored && read(id, stored.file);
    },
    async create(elements) {
      const id = randomUUID();
      await store.set(id, encoded(elements));
      return id;
    },
    async replace(id, elements) {
      if (!(await store.get(id))) return false;
      await store.set(id, encoded(elements));
      return true;
    },
    remove: (id) => store.remove(id),
    studyIsStable(resource) {
      const isOver = options.isManaged && options.deleteOnStableStudy && resource.level === 'Study';
      if (isOver) inBackground(() => removeOfStudy(resource));
    },
    async stop() {
      if (timer) clearInterval(timer);
      await working;
    },
  };
}

/** @throws PharosError BadFileFormat */
function dataSetOf(elements: readonly ElementInit[]): DataSet {
  try {
    return createDataSet(elements);
  } catch (cause) {
    if (!(cause instanceof DicomError)) throw cause;
    throw new PharosError('BadFileFormat', { details: cause.message, cause });
  }
}

/** The query with the calling application entity as the scheduled station (PS3.4 table K.6-1). */
function ofIssuer(identifier: DataSet, callingAet: string): DataSet {
  const codec = createTextCodec(utf8, utf8);
  const copied = (of: DataSet, without: Tag): readonly ElementInit[] =>
    [...of.elements()]
      .filter(({ tag }) => tag !== without && tag !== Tag.SpecificCharacterSet)
      .flatMap((element) => copiedElement(of, element, codec) ?? []);
  const [step] = identifier.items(Tag.ScheduledProcedureStepSequence);
  const items = [
    [
      ...(step ? copied(step, Tag.ScheduledStationAETitle) : []),
      { tag: Tag.ScheduledStationAETitle, value: callingAet.trim() },
    ],
  ];
  return createDataSet([
    { tag: Tag.SpecificCharacterSet, value: utf8 },
    ...copied(identifier, Tag.ScheduledProcedureStepSequence),
    { tag: Tag.ScheduledProcedureStepSequence, value: items },
  ]);
}
