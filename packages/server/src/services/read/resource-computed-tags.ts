// Attributes that no file holds: they describe a resource by what is below it (PS3.4 C.3.4, C.6.1.1).
import { Tag } from '@pharos/dicom';
import { type Level, Metadata, type OrthancId } from '../../model/index.ts';
import type { Resource, ResourceCounts, ResourceReader, ValueOf } from '../../ports/index.ts';

type Index = Pick<ResourceReader, 'counts' | 'valuesBelow' | 'valuesBelowEach'>;
type Computation = (index: Index, resource: Resource) => Promise<string> | string;

const count =
  (of: keyof ResourceCounts): Computation =>
  async (index, { id }) =>
    String((await index.counts(id))[of]);

/** Distinct values at a level below. */
interface Below {
  readonly level: Level;
  readonly of: ValueOf;
}

interface ComputedTag {
  readonly level: Level;
  readonly compute: Computation | Below;
}

const textOf = (values: readonly string[]): string => values.join('\\');

const computed: ReadonlyMap<Tag, ComputedTag> = new Map<Tag, ComputedTag>([
  [Tag.NumberOfPatientRelatedStudies, { level: 'Patient', compute: count('studies') }],
  [Tag.NumberOfPatientRelatedSeries, { level: 'Patient', compute: count('series') }],
  [Tag.NumberOfPatientRelatedInstances, { level: 'Patient', compute: count('instances') }],
  [Tag.NumberOfStudyRelatedSeries, { level: 'Study', compute: count('series') }],
  [Tag.NumberOfStudyRelatedInstances, { level: 'Study', compute: count('instances') }],
  [Tag.NumberOfSeriesRelatedInstances, { level: 'Series', compute: count('instances') }],
  [Tag.ModalitiesInStudy, { level: 'Study', compute: { level: 'Series', of: { tag: Tag.Modality } } }],
  [Tag.SOPClassesInStudy, { level: 'Study', compute: { level: 'Instance', of: { metadata: Metadata.SopClassUid } } }],
  [Tag.InstanceAvailability, { level: 'Instance', compute: () => 'ONLINE' }],
]);

/** All of them, each at the level that it describes. */
export const computedTags: readonly { readonly tag: Tag; readonly level: Level }[] = Array.from(
  computed,
  ([tag, { level }]) => ({ tag, level }),
);

export function isComputedTag(tag: Tag): boolean {
  return computed.has(tag);
}

/** Reads them for resources of one level. Keep it for one request. */
export interface ComputedReader {
  /** What can be read for many at once is read for these: they come next. */
  learn(resources: readonly Resource[]): Promise<void>;
  /** undefined where the attribute does not belong to the level of the resource. */
  value(resource: Resource, tag: Tag): Promise<string | undefined> | string | undefined;
}

export function createComputedReader(index: Index, tags: readonly Tag[]): ComputedReader {
  const learnt = new Map<Tag, ReadonlyMap<OrthancId, readonly string[]>>();
  return {
    async learn(resources) {
      const level = resources[0]?.level;
      const ids = resources.map(({ id }) => id);
      for (const tag of tags) {
        const found = computed.get(tag);
        if (found === undefined || found.level !== level || typeof found.compute === 'function') continue;
        // Of instances there may be so many that others would have to wait.
        if (found.compute.level === 'Instance') continue;
        learnt.set(tag, await index.valuesBelowEach(ids, found.compute.level, found.compute.of));
      }
    },
    value(resource, tag) {
      const known = learnt.get(tag)?.get(resource.id);
      if (known) return textOf(known);
      const found = computed.get(tag);
      if (found?.level !== resource.level) return undefined;
      const { compute } = found;
      if (typeof compute === 'function') return compute(index, resource);
      return index.valuesBelow(resource.id, compute.level, compute.of).then(textOf);
    },
  };
}
