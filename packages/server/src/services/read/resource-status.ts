// Whether a series has all the instances that its first one announced.
import { Metadata, type MetadataType } from '../../model/index.ts';
import type { Resource, ResourceReader } from '../../ports/index.ts';

export type SeriesStatus = 'Unknown' | 'Missing' | 'Complete' | 'Inconsistent';

export interface SeriesProgress {
  readonly status: SeriesStatus;
  /** Undefined where the status is unknown. */
  readonly expected: number | undefined;
}

const unknown: SeriesProgress = { status: 'Unknown', expected: undefined };

/** The value of a metadata that was fetched with the resource. */
export function metadataOf(resource: Pick<Resource, 'metadata'>, type: MetadataType): string | undefined {
  for (const entry of resource.metadata) if (entry.type === type) return entry.value;
  return undefined;
}

/** An unsigned 32-bit number, or undefined. */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\+?\d{1,10}\s*$/.test(text)) return undefined;
  const number = Number(text);
  return number <= 0xffffffff ? number : undefined;
}

function statusOf(expected: number, indices: readonly string[]): SeriesStatus {
  const seen = new Set<number>();
  for (const text of indices) {
    if (!/^\s*[+-]?\d{1,15}\s*$/.test(text)) return 'Unknown';
    const index = Number(text);
    if (index <= 0 || index > expected || seen.has(index)) return 'Inconsistent';
    seen.add(index);
  }
  return seen.size === expected ? 'Complete' : 'Missing';
}

async function knownProgress(
  index: Pick<ResourceReader, 'valuesBelow'>,
  series: Resource,
  expected: number,
): Promise<SeriesProgress> {
  const indices = await index.valuesBelow(series.id, 'Instance', { metadata: Metadata.IndexInSeries });
  const status = statusOf(expected, indices);
  return status === 'Unknown' ? unknown : { status, expected };
}

/** @param series with its metadata. The indices of the instances are read only where the series announced a number. */
export function seriesProgress(
  index: Pick<ResourceReader, 'valuesBelow'>,
  series: Resource,
): SeriesProgress | Promise<SeriesProgress> {
  const expected = parseCount(metadataOf(series, Metadata.ExpectedNumberOfInstances));
  return expected === undefined ? unknown : knownProgress(index, series, expected);
}
