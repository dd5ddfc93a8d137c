// Bodies that name resources: an identifier as text or JSON, an array of them, or an object with more to say.
import { parseJson, type RequestBody } from '../../http/index.ts';
import { isOrthancId, PharosError } from '../../model/index.ts';
import { isMembers, type JsonMembers, memberReader } from './json-body.ts';

export interface ResourceList {
  readonly ids: readonly string[];
  /** Of the object; none where the body is none. */
  readonly members: JsonMembers;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // Plain text is an identifier.
    return text.trim();
  }
}

function namesOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value;
  if (isMembers(value)) return memberReader(value, 'BadFileFormat').list('Resources') ?? missing();
  return missing();
}

function missing(): never {
  throw new PharosError('BadFileFormat', 'The body must name resources: an identifier, an array, or Resources');
}

function identifierOf(name: unknown): string {
  if (typeof name === 'string' && isOrthancId(name)) return name;
  throw new PharosError('BadFileFormat', 'A resource is named by its identifier, such as 6816cb19-844d5aee-85245eba-…');
}

/** @throws PharosError BadFileFormat where something is no identifier, BodyTooLarge */
export async function resourceListOf(body: RequestBody): Promise<ResourceList> {
  const value = jsonOf((await body.bytes()).toString('utf8'));
  return { ids: namesOf(value).map(identifierOf), members: isMembers(value) ? value : {} };
}
