// A job that does the same to each instance of a set: what sending, modifying and archiving have in common.
import { isLevel, type OrthancId } from '../../model/index.ts';
import type { ResourceRef } from '../../ports/index.ts';
import { runSequence } from './command-sequence.ts';
import type { Job, JobContent, JobContext } from './job.ts';
import { isCount, isId, isMembers, isText, listOf, unreadable } from './kept-values.ts';

/** What all such jobs are asked for; a kind of job may add members of its own. */
export interface InstanceSet {
  /** Where the job comes from, such as "REST API". */
  readonly description: string;
  readonly instances: readonly OrthancId[];
  /** What the client named, of which these are the instances. */
  readonly parents: readonly OrthancId[];
  readonly resources: readonly ResourceRef[];
  /** Goes on after an instance that failed. */
  readonly permissive: boolean;
}

export interface InstanceSetJob<Input extends InstanceSet> {
  readonly type: string;
  readonly version: number;
  readonly input: Input;
  /** @throws what makes this instance fail */
  handle(instance: OrthancId, context: JobContext): Promise<void>;
  /** @param handled the instances that did not fail */
  trailingStep?(context: JobContext, handled: readonly OrthancId[]): Promise<void>;
  /** Members of Content beyond those that all such jobs have. */
  content?(): JobContent;
}

interface Place {
  position: number;
  /** Positions of the instances that failed. */
  failed: number[];
}

const isRef = (value: unknown): value is ResourceRef => isMembers(value) && isId(value.id) && isLevel(value.level);

/** Reads the common members of an input that was kept. @throws PharosError CorruptedFile */
export function readInstanceSet(kept: unknown): InstanceSet {
  if (!isMembers(kept) || !isText(kept.description) || typeof kept.permissive !== 'boolean') throw unreadable();
  return {
    description: kept.description,
    instances: listOf(kept.instances, isId),
    parents: listOf(kept.parents, isId),
    resources: listOf(kept.resources, isRef),
    permissive: kept.permissive,
  };
}

function readPlace(kept: unknown): Place {
  if (!isMembers(kept) || !isCount(kept.position)) throw unreadable();
  return { position: kept.position, failed: [...listOf(kept.failed, isCount)] };
}

/** Members of Content; lists are absent where empty, as in Orthanc. */
function commonContent({ description, instances, parents, resources }: InstanceSet, { failed }: Place): JobContent {
  return {
    Description: description,
    InstancesCount: instances.length,
    FailedInstancesCount: failed.length,
    ...(parents.length > 0 && { ParentResources: parents }),
    ...(resources.length > 0 && { Resources: resources.map(({ id, level }) => ({ ID: id, Type: level })) }),
  };
}

function handledOf({ instances }: InstanceSet, { failed }: Place): readonly OrthancId[] {
  const without = new Set(failed);
  return instances.filter((_, position) => !without.has(position));
}

/** @param kept the state to go on from; undefined: the beginning. @throws PharosError CorruptedFile */
export function createInstanceSetJob<Input extends InstanceSet>(kind: InstanceSetJob<Input>, kept?: unknown): Job {
  const { type, version, input } = kind;
  let place: Place = kept === undefined ? { position: 0, failed: [] } : readPlace(kept);
  const sequence = {
    count: input.instances.length,
    permissive: input.permissive,
    async execute(position: number, context: JobContext): Promise<void> {
      const instance = input.instances[position];
      if (instance) await kind.handle(instance, context);
    },
    passOver: (position: number) => void place.failed.push(position),
    trailingStep:
      kind.trailingStep && (async (context: JobContext) => kind.trailingStep?.(context, handledOf(input, place))),
  };
  return {
    type,
    version,
    input,
    state: () => place,
    content: () => ({ ...commonContent(input, place), ...kind.content?.() }),
    run: (context) => runSequence(sequence, place, context),
    reset() {
      place = { position: 0, failed: [] };
    },
  };
}
