// What auto-route sends at a time: an instance as it arrives, or a series, a study, a patient that has been quiet for a while.
import type { PharosClient, Resource } from '@pharos/client';
import { UsageError } from './run-example.ts';
import { ifThere } from './server.ts';

export const routedLevels = {
  instance: { changeType: 'NewInstance', path: '/instances/{id}' },
  series: { changeType: 'StableSeries', path: '/series/{id}' },
  study: { changeType: 'StableStudy', path: '/studies/{id}' },
  patient: { changeType: 'StablePatient', path: '/patients/{id}' },
} as const;

export type RoutedLevel = keyof typeof routedLevels;

function isLevel(name: string): name is RoutedLevel {
  return Object.hasOwn(routedLevels, name);
}

/** @throws UsageError */
export function levelNamed(name: string): RoutedLevel {
  if (isLevel(name)) return name;
  throw new UsageError(`--level must be ${Object.keys(routedLevels).join(', ')}, not "${name}"`);
}

/** The level below, with the first of what a resource has there. */
function firstBelow({ Studies, Series, Instances }: Resource): readonly [RoutedLevel, string] | undefined {
  const [study] = Studies ?? [];
  const [series] = Series ?? [];
  const [instance] = Instances ?? [];
  if (study !== undefined) return ['study', study];
  if (series !== undefined) return ['series', series];
  return instance === undefined ? undefined : ['instance', instance];
}

/** The first instance of a resource; undefined where the resource is there no more. */
export async function firstInstance(
  server: PharosClient,
  level: RoutedLevel,
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (level === 'instance') return id;
  const resource = await ifThere(server.get(routedLevels[level].path, { params: { id }, signal }));
  const below = resource && firstBelow(resource);
  return below && firstInstance(server, below[0], below[1], signal);
}
