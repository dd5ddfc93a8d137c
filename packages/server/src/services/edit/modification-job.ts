// Modification and anonymization of stored resources, as a job: copies are stored, several at a time, under identifiers that stay the
// same where the job goes on after a restart.
import { type Dictionary, isProfileOption } from '@pharos/dicom';
import {
  isLevel,
  type Level,
  levelPath,
  levels,
  type Origin,
  type OrthancId,
  PharosError,
  type ResourceIds,
  resourceIdKeys,
} from '../../model/index.ts';
import type { Clock, IndexStore, ResourceRef } from '../../ports/index.ts';
import { type DeletionDependencies, deleteResources } from '../deletion/index.ts';
import { timestamp } from '../ingest/index.ts';
import {
  createInstanceSetJob,
  type InstanceSet,
  isCount,
  isId,
  isMembers,
  isText,
  type Job,
  type JobContent,
  type JobContext,
  type JobType,
  listOf,
  readInstanceSet,
  unreadable,
} from '../jobs/index.ts';
import { type ReconstructDependencies, reconstruct } from '../reconstruct/index.ts';
import { createIdentifierMap, newIdentifierKey } from './identifier-map.ts';
import { createModification, isEdition, type ModificationRequest } from './modification.ts';
import { type EditDependencies, editOf, storeModified, type WrittenForm } from './modified-instance.ts';

export interface ModificationJobDependencies
  extends Omit<EditDependencies, 'index' | 'settings'>,
    Omit<ReconstructDependencies, 'index' | 'reader' | 'settings' | 'blobs'> {
  readonly blobs: ReconstructDependencies['blobs'] & DeletionDependencies['blobs'];
  readonly settings: EditDependencies['settings'] & ReconstructDependencies['settings'];
  readonly index: IndexStore;
  readonly reader: ReconstructDependencies['reader'];
  readonly dictionary: Dictionary;
  readonly clock: Clock;
}

export type ModificationJobType = 'ResourceModification' | 'SplitStudy' | 'MergeStudy';

export interface ModificationInput extends InstanceSet, WrittenForm {
  readonly type: ModificationJobType;
  readonly request: ModificationRequest;
  readonly keepsSource: boolean;
  readonly keepsLabels: boolean;
  readonly origin: Origin;
  /** Of which the identifier is told; undefined: all that was made is listed. */
  readonly outputLevel?: Level;
  /** Members of Content beyond those of all. */
  readonly told?: JobContent;
}

const version = 1;
/** Instances that are modified at the same time, so that they are committed together. */
const atOnce = 16;

/** What was made: identifiers by level, in the order in which they came; and of each series one instance. */
type Made = Record<Level, OrthancId[]> & { readonly ofSeries: OrthancId[] };

const nothingMade = (): Made => ({ Patient: [], Study: [], Series: [], Instance: [], ofSeries: [] });

function note(made: Made, ids: ResourceIds): void {
  if (!made.Series.includes(ids.series)) made.ofSeries.push(ids.instance);
  for (const level of levels) {
    const id = ids[resourceIdKeys[level]];
    if (level === 'Instance' || !made[level].includes(id)) made[level].push(id);
  }
}

function contentOf({ request, outputLevel, transcode, told, type }: ModificationInput, made: Made): JobContent {
  const reference = (level: Level, id: OrthancId) => ({ Type: level, ID: id, Path: `/${levelPath[level]}/${id}` });
  const single = outputLevel && made[outputLevel][0];
  const patient = made.Patient[0];
  return {
    ...(type === 'ResourceModification' && { IsAnonymization: request.isAnonymization }),
    ...(transcode !== undefined && { Transcode: transcode }),
    ...(outputLevel && single !== undefined && { ...reference(outputLevel, single), PatientID: patient ?? '' }),
    ...(type === 'ResourceModification' &&
      !outputLevel && { Resources: levels.flatMap((level) => made[level].map((id) => reference(level, id))) }),
    ...told,
  };
}

function keyIn(kept: unknown): string {
  if (kept === undefined) return newIdentifierKey();
  if (isMembers(kept) && isText(kept.identifierKey) && /^[\da-f]{64}$/.test(kept.identifierKey))
    return kept.identifierKey;
  throw unreadable();
}

function sinceIn(kept: unknown, clock: Clock): string {
  if (kept === undefined) return timestamp(clock.now());
  if (isMembers(kept) && isText(kept.since)) return kept.since;
  throw unreadable();
}

/** The same error, which tells the instance. */
function named(error: unknown, id: OrthancId): unknown {
  if (!(error instanceof PharosError) || error.message.includes(id)) return error;
  const details = `Instance ${id}: ${error.details ?? error.message}`;
  return new PharosError(error.code, { details, cause: error, headers: error.headers, payload: error.payload });
}

function madeIn(kept: unknown): Made {
  if (kept === undefined) return nothingMade();
  const made = isMembers(kept) ? kept.made : undefined;
  if (!isMembers(made)) throw unreadable();
  const ids = (name: string): OrthancId[] => [...listOf(made[name], isId)];
  return {
    Patient: ids('Patient'),
    Study: ids('Study'),
    Series: ids('Series'),
    Instance: ids('Instance'),
    ofSeries: ids('ofSeries'),
  };
}

/** @param kept the state to go on from; undefined: the beginning. @throws PharosError CorruptedFile, BadRequest, UnknownDicomTag */
export function createModificationJob(
  deps: ModificationJobDependencies,
  input: ModificationInput,
  kept?: unknown,
): Job {
  const { request, instances, keepsSource } = input;
  const modification = createModification(request, deps.dictionary);
  // Kept with the job, from its submission on: what is done again after a restart takes the place of what was done before.
  const identifierKey = keyIn(kept);
  const identifiers = createIdentifierMap(identifierKey);
  const since = sinceIn(kept, deps.clock);
  let made = madeIn(kept);
  const copies = new Set(made.Instance);
  const started = new Map<OrthancId, Promise<ResourceIds>>();
  const positions = new Map(instances.map((id, position) => [id, position]));

  const start = (id: OrthancId): Promise<ResourceIds> => {
    const underWay = started.get(id);
    if (underWay) return underWay;
    const edit = editOf(modification, { dictionary: deps.dictionary, identifiers });
    const work = storeModified(deps, id, edit, {
      ...input,
      isAnonymization: request.isAnonymization,
      level: request.level,
      removesSource: !keepsSource,
      since,
    });
    // Seen when its turn comes.
    work.catch(() => undefined);
    started.set(id, work);
    return work;
  };

  const handle = async (id: OrthancId): Promise<void> => {
    const position = positions.get(id) ?? 0;
    for (const next of instances.slice(position, position + atOnce)) void start(next);
    try {
      const ids = await start(id);
      // One copy has taken the place of another: both sources are needed.
      if (!keepsSource && copies.has(ids.instance))
        throw new PharosError('BadRequest', `Instance ${id} has got the identifiers of another copy`);
      copies.add(ids.instance);
      note(made, ids);
    } catch (error) {
      throw named(error, id);
    } finally {
      started.delete(id);
    }
  };

  /** What is above the instances tells what they tell; the sources go where they are not to be kept. */
  const trailingStep = async (context: JobContext, handled: readonly OrthancId[]): Promise<void> => {
    const options = { files: false, onlyThisLevel: false };
    for (const id of made.ofSeries) await reconstruct(deps, { level: 'Instance', id }, options);
    if (keepsSource) return;
    const sources: ResourceRef[] = [];
    for (const [position, id] of handled.entries()) {
      const copy = made.Instance[position];
      // An instance that was changed where it is has no source but itself.
      if (copies.has(id)) continue;
      if (copy !== undefined && (await deps.index.get(copy, {}))) sources.push({ level: 'Instance', id });
      else
        context.log.warn('A modified copy has been removed meanwhile: its source stays', {
          id: context.id,
          source: id,
        });
    }
    await deleteResources(deps, sources);
  };
  const job = createInstanceSetJob<ModificationInput>(
    { type: input.type, version, input, content: () => contentOf(input, made), handle, trailingStep },
    kept,
  );
  return {
    ...job,
    state: () => ({ ...job.state(), identifierKey, since, made }),
    async *run(context) {
      try {
        yield* job.run(context);
      } finally {
        // What was begun ahead is not left behind, and its outcome is not taken for that of another run.
        await Promise.allSettled(started.values());
        started.clear();
      }
    },
    reset() {
      made = nothingMade();
      copies.clear();
      job.reset();
    },
  };
}

const types: readonly ModificationJobType[] = ['ResourceModification', 'SplitStudy', 'MergeStudy'];

/** So that such jobs go on after a restart. */
export function modificationJobTypes(deps: ModificationJobDependencies): readonly JobType[] {
  return types.map((type) => ({
    name: type,
    version,
    restore: (input, state) => createModificationJob(deps, readInput(input, type), state),
  }));
}

function readRequest(kept: unknown): ModificationRequest {
  if (!isMembers(kept) || !isMembers(kept.replace) || !isLevel(kept.level)) throw unreadable();
  const { isAnonymization, level, replace, isForced, removesPrivate, privateCreator, edition, patientName } = kept;
  const options = listOf(kept.options, isText).filter(isProfileOption);
  if (typeof isAnonymization !== 'boolean' || typeof isForced !== 'boolean') throw unreadable();
  if (typeof removesPrivate !== 'boolean' || !isText(privateCreator)) throw unreadable();
  if (!isText(edition) || !isEdition(edition)) throw unreadable();
  if (patientName !== undefined && !isText(patientName)) throw unreadable();
  return {
    isAnonymization,
    level,
    keep: listOf(kept.keep, isText),
    remove: listOf(kept.remove, isText),
    replace,
    isForced,
    removesPrivate,
    privateCreator,
    edition,
    options,
    patientName,
  };
}

function readOrigin(kept: unknown): Origin {
  if (!isMembers(kept)) throw unreadable();
  const { remoteIp, httpUsername } = kept;
  return {
    origin: 'RestApi',
    remoteIp: isText(remoteIp) ? remoteIp : undefined,
    httpUsername: isText(httpUsername) ? httpUsername : undefined,
  };
}

function isContent(value: unknown): value is JobContent {
  return isMembers(value);
}

function readInput(kept: unknown, type: ModificationJobType): ModificationInput {
  if (!isMembers(kept) || typeof kept.keepsSource !== 'boolean' || typeof kept.keepsLabels !== 'boolean')
    throw unreadable();
  const { keepsSource, keepsLabels, transcode, quality, outputLevel, told } = kept;
  if (transcode !== undefined && !isText(transcode)) throw unreadable();
  if (quality !== undefined && !isCount(quality)) throw unreadable();
  if (outputLevel !== undefined && !isLevel(outputLevel)) throw unreadable();
  if (told !== undefined && !isContent(told)) throw unreadable();
  return {
    ...readInstanceSet(kept),
    type,
    request: readRequest(kept.request),
    keepsSource,
    keepsLabels,
    origin: readOrigin(kept.origin),
    transcode,
    quality,
    outputLevel,
    told,
  };
}
