// Setting, deleting, compressing and checking attachments. Clients may change those from number 1024 on.
import { bytes, empty, type Headers, type Reply, type Route, routeFor, Type, unanswered } from '../http/index.ts';
import { type Compression, type Level, levels } from '../model/index.ts';
import { isIntact, isRemovable, recompressAttachment, storeAttachment } from '../services/attachments/index.ts';
import type { Services } from '../services/index.ts';
import { timestamp } from '../services/ingest/index.ts';
import { hashed } from '../services/read/index.ts';
import { attachmentOf, findAttachment } from './shapes/attachment-resource.ts';
import { bareReply } from './shapes/content-reply.ts';
import { levelSegments, levelTags, levelWords, refOf, resourceOf } from './shapes/level-resource.ts';
import { etagOf, expectedByDelete, expectedBySet, revisionAfter } from './shapes/revision.ts';

const route = routeFor<Services>();

const forbidden = bareReply(403);

/** An empty object that Orthanc writes without the character set. */
function emptyObject(headers: Headers = {}): Reply {
  return bytes(Buffer.from('{}'), 'application/json', headers);
}

function putRoute(level: Level): Route<Services> {
  return route({
    method: 'PUT',
    path: `/${levelSegments[level]}/:id/attachments/:name`,
    summary: `Set an attachment of a ${levelWords[level]} to the body`,
    tag: levelTags[level],
    reply: Type.Object({}),
    writes: true,
    async handler({ params, headers, body }, services) {
      const type = services.attachmentTypes.numberOf(params.name);
      if (!services.attachmentTypes.isUser(type)) return forbidden;
      const { id, attachments } = await resourceOf(services, level, params.id, { attachments: true });
      const change = { ifMatch: headers['if-match'], isMandatory: services.settings.CheckRevisions };
      const expected = expectedBySet(
        change,
        attachments.some((candidate) => candidate.type === type),
      );
      const source = { type, content: body.stream() };
      const { outcome, attachment } = await storeAttachment(services, { level, id }, source, expected);
      const revision = revisionAfter(outcome);
      const { uncompressedMd5: md5 } = await hashed(services, attachment);
      return emptyObject(etagOf({ revision, md5 }));
    },
  });
}

function deleteRoute(level: Level): Route<Services> {
  return route({
    method: 'DELETE',
    path: `/${levelSegments[level]}/:id/attachments/:name`,
    summary: `Delete an attachment of a ${levelWords[level]}`,
    tag: levelTags[level],
    reply: 'text/plain',
    writes: true,
    async handler({ params, headers }, services) {
      const { attachmentTypes, settings, index, clock } = services;
      const type = attachmentTypes.numberOf(params.name);
      if (!isRemovable(type, attachmentTypes.isUser(type), settings.StoreDicom)) return forbidden;
      const expected = expectedByDelete({ ifMatch: headers['if-match'], isMandatory: settings.CheckRevisions });
      const ref = refOf(level, params.id);
      revisionAfter(await index.deleteAttachment(ref, type, timestamp(clock.now()), expected));
      return empty();
    },
  });
}

function compressionRoute(level: Level, verb: 'compress' | 'uncompress', compression: Compression): Route<Services> {
  return route({
    method: 'POST',
    path: `/${levelSegments[level]}/:id/attachments/:name/${verb}`,
    summary: `Store an attachment of a ${levelWords[level]} ${verb}ed`,
    tag: levelTags[level],
    reply: Type.Object({}),
    writes: true,
    async handler({ params }, services) {
      const attachment = await attachmentOf(services, level, params);
      const ref = refOf(level, params.id);
      revisionAfter(await recompressAttachment(services, ref, attachment, compression));
      return emptyObject();
    },
  });
}

function verifyRoute(level: Level): Route<Services> {
  return route({
    method: 'POST',
    path: `/${levelSegments[level]}/:id/attachments/:name/verify-md5`,
    summary: `Read an attachment of a ${levelWords[level]} and compare with its MD5`,
    tag: levelTags[level],
    reply: Type.Object({}),
    async handler({ params }, services) {
      const attachment = await findAttachment(services, level, params);
      return attachment && (await isIntact(services, attachment)) ? emptyObject() : unanswered;
    },
  });
}

export const attachmentChangeRoutes: readonly Route<Services>[] = levels.flatMap((level) => [
  putRoute(level),
  deleteRoute(level),
  compressionRoute(level, 'compress', 'zlib'),
  compressionRoute(level, 'uncompress', 'none'),
  verifyRoute(level),
]);
