// What is sent to others is noted in /exports, where LogExportedResources says so.
import { formatTag, Tag } from '@pharos/dicom';
import type { ExportedResource, Level, Settings } from '../../model/index.ts';
import type { Clock, IndexStore, Resource, ResourceRef } from '../../ports/index.ts';
import { timestamp } from '../ingest/index.ts';

export interface ExportLogDependencies {
  readonly index: Pick<IndexStore, 'get' | 'logExport'>;
  readonly settings: Pick<Settings, 'LogExportedResources'>;
  readonly clock: Clock;
}

const keys: Readonly<Record<Level, string>> = {
  Patient: formatTag(Tag.PatientID),
  Study: formatTag(Tag.StudyInstanceUID),
  Series: formatTag(Tag.SeriesInstanceUID),
  Instance: formatTag(Tag.SOPInstanceUID),
};

/** The identifier of a resource or of its ancestor of that level; '' where it has none. */
function identifierAt(resource: Resource, level: Level): string {
  const tags = resource.level === level ? resource.tags : resource.ancestors[level]?.tags;
  return tags?.[keys[level]] ?? '';
}

function entryOf(resource: Resource, remoteModality: string, date: string): Omit<ExportedResource, 'seq'> {
  return {
    level: resource.level,
    id: resource.id,
    remoteModality,
    date,
    patientId: identifierAt(resource, 'Patient'),
    studyInstanceUid: identifierAt(resource, 'Study'),
    seriesInstanceUid: identifierAt(resource, 'Series'),
    sopInstanceUid: identifierAt(resource, 'Instance'),
  };
}

/** @param remote name of the modality or peer, or its application entity title */
export async function logExports(
  { index, settings, clock }: ExportLogDependencies,
  resources: readonly ResourceRef[],
  remote: string,
): Promise<void> {
  if (!settings.LogExportedResources) return;
  const date = timestamp(clock.now());
  for (const { id } of resources) {
    const resource = await index.get(id, { tags: true, ancestors: true });
    if (resource) await index.logExport(entryOf(resource, remote, date));
  }
}
