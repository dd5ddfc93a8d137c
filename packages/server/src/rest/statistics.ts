// How much is stored: of the whole server, and of one resource.
import { type Json, json, type Route, routeFor, Type } from '../http/index.ts';
import { type Level, levelNumber, levels } from '../model/index.ts';
import type { DiskUsage, ResourceCounts } from '../ports/index.ts';
import type { Services } from '../services/index.ts';
import { levelSegments, levelTags, resourceOf } from './shapes/level-resource.ts';

const route = routeFor<Services>();

const bytesPerMegabyte = 1024 * 1024;

const megabytes = (bytes: number): number => Math.floor(bytes / bytesPerMegabyte);

const sizes = Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()]), {
  description: 'Sizes in bytes as text, in megabytes as numbers, and counts',
});

const server = route({
  method: 'GET',
  path: '/statistics',
  summary: 'How much is stored',
  tag: 'System',
  reply: sizes,
  async handler(_request, { index }) {
    const [counts, usage] = await Promise.all([index.counts(), index.diskUsage()]);
    return json({
      CountInstances: counts.instances,
      CountPatients: counts.patients,
      CountSeries: counts.series,
      CountStudies: counts.studies,
      TotalDiskSize: String(usage.diskSize),
      TotalDiskSizeMB: megabytes(usage.diskSize),
      TotalUncompressedSize: String(usage.uncompressedSize),
      TotalUncompressedSizeMB: megabytes(usage.uncompressedSize),
    });
  },
});

/** Counts only what can be below the level. */
function statisticsJson(level: Level, counts: ResourceCounts, usage: DiskUsage): Json {
  const depth = levelNumber[level];
  return {
    CountInstances: depth <= levelNumber.Series ? counts.instances : undefined,
    CountSeries: depth <= levelNumber.Study ? counts.series : undefined,
    CountStudies: depth <= levelNumber.Patient ? counts.studies : undefined,
    DicomDiskSize: String(usage.dicomDiskSize),
    DicomDiskSizeMB: megabytes(usage.dicomDiskSize),
    DicomUncompressedSize: String(usage.dicomUncompressedSize),
    DicomUncompressedSizeMB: megabytes(usage.dicomUncompressedSize),
    DiskSize: String(usage.diskSize),
    DiskSizeMB: megabytes(usage.diskSize),
    UncompressedSize: String(usage.uncompressedSize),
    UncompressedSizeMB: megabytes(usage.uncompressedSize),
  };
}

function resourceRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/statistics`,
    summary: 'How much is stored of a resource and below it',
    tag: levelTags[level],
    reply: sizes,
    async handler({ params }, { index }) {
      const { id } = await resourceOf({ index }, level, params.id, {});
      const [counts, usage] = await Promise.all([index.counts(id), index.diskUsage(id)]);
      return json(statisticsJson(level, counts, usage));
    },
  });
}

export const statisticsRoutes: readonly Route<Services>[] = [server, ...levels.map(resourceRoute)];
