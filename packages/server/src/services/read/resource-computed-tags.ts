// Attributes that no file holds: they describe a resource by what is below it (PS3.4 C.3.4, C.6.1.1).
import { Tag } from '@pharos/dicom';
import { type Level, Metadata } from '../../model/index.ts';
import type { Resource, ResourceCounts, ResourceReader } from '../../ports/index.ts';

type Computation = (
  index: Pick<ResourceReader, 'counts' | 'valuesBelow'>,
  resource: Resource,
) => Promise<string> | string;

const count =
  (of: keyof ResourceCounts): Computation =>
  async (index, { id }) =>
    String((await index.counts(id))[of]);

interface ComputedTag {
  readonly level: Level;
  readonly compute: Computation;
}

const computed: ReadonlyMap<Tag, ComputedTag> = new Map<Tag, ComputedTag>([
  [Tag.NumberOfPatientRelatedStudies, { level: 'Patient', compute: count('studies') }],
  [Tag.NumberOfPatientRelatedSeries, { level: 'Patient', compute: count('series') }],
  [Tag.NumberOfPatientRelatedInstances, { level: 'Patient', compute: count('instances') }],
  [Tag.NumberOfStudyRelatedSeries, { level: 'Study', compute: count('series') }],
  [Tag.NumberOfStudyRelatedInstances, { level: 'Study', compute: count('instances') }],
  [Tag.NumberOfSeriesRelatedInstances, { level: 'Series', compute: count('instances') }],
  [
    Tag.ModalitiesInStudy,
    {
      level: 'Study',
      compute: async (index, { id }) => (await index.valuesBelow(id, 'Series', { tag: Tag.Modality })).join('\\'),
    },
  ],
  [
    Tag.SOPClassesInStudy,
    {
      level: 'Study',
      compute: async (index, { id }) =>
        (await index.valuesBelow(id, 'Instance', { metadata: Metadata.SopClassUid })).join('\\'),
    },
  ],
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

/** The value, or undefined where the attribute does not belong to the level of the resource. */
export async function computedValue(
  index: Pick<ResourceReader, 'counts' | 'valuesBelow'>,
  resource: Resource,
  tag: Tag,
): Promise<string | undefined> {
  const found = computed.get(tag);
  return found?.level === resource.level ? found.compute(index, resource) : undefined;
}
