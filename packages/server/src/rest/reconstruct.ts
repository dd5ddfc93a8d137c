// Reading stored files again: of one resource, or of all; and forgetting summaries that servers of old made.
import { empty, type RequestBody, type Route, routeFor, Type } from '../http/index.ts';
import { Attachment, type Level, levels, PharosError } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import { type ReconstructOptions, reconstruct, reconstructAll } from '../services/reconstruct/index.ts';
import { isMembers, memberReader } from './shapes/json-body.ts';
import { levelSegments, levelTags, levelWords, refOf } from './shapes/level-resource.ts';

const route = routeFor<Services>();

const ReconstructFiles = Type.Optional(Type.Boolean({ description: 'Store the files again as the settings are now' }));
const LimitToThisLevelMainDicomTags = Type.Optional(
  Type.Boolean({ description: 'Only the main DICOM tags of the resource itself, from one of its instances' }),
);

/** The body may be empty; what is no JSON object counts as empty. @throws PharosError BadFileFormat */
async function optionsOf(body: RequestBody): Promise<ReconstructOptions> {
  const members = await body.json().catch((error: unknown) => {
    if (error instanceof PharosError && error.code === 'BodyTooLarge') throw error;
    return undefined;
  });
  const read = memberReader(isMembers(members) ? members : {}, 'BadFileFormat');
  return {
    files: read.boolean('ReconstructFiles') ?? false,
    onlyThisLevel: read.boolean('LimitToThisLevelMainDicomTags') ?? false,
  };
}

function reconstructRoute(level: Level): Route<Services> {
  return route({
    method: 'POST',
    path: `/${levelSegments[level]}/:id/reconstruct`,
    summary: `Read the files of a ${levelWords[level]} again, and put their tags into the index`,
    tag: levelTags[level],
    body: Type.Object({ ReconstructFiles, LimitToThisLevelMainDicomTags }),
    reply: 'text/plain',
    writes: true,
    async handler({ params, body }, services) {
      const options = await optionsOf(body);
      await reconstruct(services, refOf(level, params.id), options);
      return empty();
    },
  });
}

export const reconstructRoutes: readonly Route<Services>[] = [
  ...levels.map(reconstructRoute),
  route({
    method: 'POST',
    path: '/tools/reconstruct',
    summary: 'Read all files again, and put their tags into the index',
    tag: 'System',
    body: Type.Object({ ReconstructFiles }),
    reply: 'text/plain',
    writes: true,
    async handler({ body }, services) {
      await reconstructAll(services, await optionsOf(body));
      return empty();
    },
  }),
  route({
    method: 'POST',
    path: '/tools/invalidate-tags',
    summary: 'Delete all attachments of the type dicom-as-json',
    tag: 'System',
    reply: 'text/plain',
    writes: true,
    async handler(_request, { index }) {
      await index.deleteAttachmentsOfType(Attachment['dicom-as-json']);
      return empty();
    },
  }),
];
