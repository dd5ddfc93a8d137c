// Servers as the examples see them.
import { createPharosClient, type PharosClient, PharosClientError, type Resource } from '@pharos/client';
import { UsageError } from './run-example.ts';

export const defaultUrl = 'http://localhost:8042/';

/** A client of a server that has answered. @throws UsageError where the URL is none, PharosClientError where nobody answers */
export async function connect(url: string, signal: AbortSignal): Promise<PharosClient> {
  const client = clientOf(url);
  await client.get('/system', { signal });
  return client;
}

function clientOf(url: string): PharosClient {
  try {
    return createPharosClient({ url });
  } catch {
    throw new UsageError(`"${url}" is no URL of a server, such as ${defaultUrl}`);
  }
}

/** The only positional argument, or the usual server. @throws UsageError */
export function urlOf(positionals: readonly string[]): string {
  if (positionals.length > 1) throw new UsageError(`One server is meant, not ${positionals.join(' ')}`);
  return positionals[0] ?? defaultUrl;
}

/** What is not there is `undefined`, any other failure stays one. */
export async function ifThere<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof PharosClientError && error.status === 404) return undefined;
    throw error;
  }
}

/** Identifiers of a list that a server may have expanded unasked. */
export function idsOf(list: readonly (string | Resource)[]): readonly string[] {
  return list.map((item) => (typeof item === 'string' ? item : item.ID));
}

/** The resources of a list that was asked for expanded. */
export function expandedOf(list: readonly (string | Resource)[]): readonly Resource[] {
  return list.filter((item) => typeof item !== 'string');
}

/** The text of a main DICOM tag; empty where there is none. */
export function tagText({ MainDicomTags: tags }: Resource, name: string): string {
  const value = tags?.[name];
  return typeof value === 'string' ? value.trim() : '';
}
