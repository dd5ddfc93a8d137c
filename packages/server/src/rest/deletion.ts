// Deleting resources, one or many.
import { empty, json, type Route, routeFor, Type, unanswered } from '../http/index.ts';
import { isOrthancId, type Level, levels, PharosError } from '../model/index.ts';
import { type DeletionTarget, deleteResource, deleteResources } from '../services/deletion/index.ts';
import type { Services } from '../services/index.ts';
import { levelNamed } from './shapes/find-request-json.ts';
import { bodyMembers, isMembers, jsonOrNothing } from './shapes/json-body.ts';
import { levelSegments, levelTags } from './shapes/level-resource.ts';
import { referenceJson } from './shapes/resource-json.ts';

const route = routeFor<Services>();

const reference = Type.Object({ ID: Type.String(), Path: Type.String(), Type: Type.String() });

function deleteRoute(level: Level): Route<Services> {
  return route({
    method: 'DELETE',
    path: `/${levelSegments[level]}/:id`,
    summary: 'Deletes a resource with all below it, and what is left empty above it',
    tag: levelTags[level],
    reply: Type.Object({ RemainingAncestor: Type.Union([reference, Type.Null()]) }),
    writes: true,
    async handler({ params: { id } }, services) {
      const deleted = isOrthancId(id) ? await deleteResource(services, { id, level }) : undefined;
      if (!deleted) return unanswered;
      return json({ RemainingAncestor: deleted.remaining ? referenceJson(deleted.remaining) : null });
    },
  });
}

/** An identifier, or `{Level, ID}`; undefined for an identifier that no resource can have. */
function targetOf(value: unknown): DeletionTarget | undefined {
  if (typeof value === 'string') return isOrthancId(value) ? { id: value } : undefined;
  if (!isMembers(value) || typeof value.ID !== 'string' || typeof value.Level !== 'string') {
    throw new PharosError('BadFileFormat', 'Resources must be identifiers, or objects with Level and ID');
  }
  const level = levelNamed(value.Level);
  return isOrthancId(value.ID) ? { id: value.ID, level } : undefined;
}

const bulkDelete = route({
  method: 'POST',
  path: '/tools/bulk-delete',
  summary: 'Deletes many resources; those that are not there are passed over',
  tag: 'System',
  body: Type.Object({
    Resources: Type.Array(Type.Union([Type.String(), Type.Object({ Level: Type.String(), ID: Type.String() })])),
  }),
  reply: 'text/plain',
  writes: true,
  async handler({ body }, services) {
    const named = bodyMembers(await jsonOrNothing(body)).Resources;
    if (!Array.isArray(named)) throw new PharosError('BadFileFormat', 'The body must contain an array Resources');
    await deleteResources(
      services,
      named.map(targetOf).filter((target) => target !== undefined),
    );
    return empty();
  },
});

export const deletionRoutes: readonly Route<Services>[] = [...levels.map(deleteRoute), bulkDelete];
