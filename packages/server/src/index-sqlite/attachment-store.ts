// Attachments of a resource, after it was made.
import { Attachment, type AttachmentInfo, type AttachmentType, firstUserNumber, levels } from '../model/index.ts';
import type { AttachmentStore, ExpectedRevision, ResourceRef } from '../ports/index.ts';
import { loadAttachment, putAttachment, removeAttachment } from './attachment-rows.ts';
import { isConflict } from './metadata-store.ts';
import { integer, packMd5, packUuid } from './rows.ts';
import { slotsOfResource } from './schema.ts';
import type { Located, Session } from './session.ts';

export function createAttachmentStore(session: Session): AttachmentStore {
  const { database } = session;

  function resourceOf(ref: ResourceRef): Located | undefined {
    const found = session.locate(ref.id);
    return found && levels[found.level - 1] === ref.level ? found : undefined;
  }

  function logUpdate(ref: ResourceRef, key: number, type: AttachmentType, now: string): void {
    if (type >= firstUserNumber) session.logChange('UpdatedAttachment', ref.level, key, now);
  }

  const isOther = (expected: ExpectedRevision | undefined, { revision, uncompressedMd5, crc32 }: AttachmentInfo) => {
    const isSame = uncompressedMd5 === undefined && expected?.crc32 === crc32;
    return isConflict(expected, { revision, md5: isSame ? expected?.md5 : uncompressedMd5 });
  };

  /** Resources with an attachment of this type. */
  function holders(type: AttachmentType): Located[] {
    const others = database.rows(
      `SELECT slot / ${slotsOfResource} FROM attachment WHERE slot % ${slotsOfResource} = ?`,
      type,
    );
    const found = others.map((row) => ({ key: integer(row[0]), level: 0 }));
    if (type !== Attachment.dicom) return found;
    const files = database.rows('SELECT key FROM instance WHERE uuid IS NOT NULL');
    return [...found, ...files.map((row) => ({ key: integer(row[0]), level: levels.length }))];
  }

  return {
    setAttachment: (ref, attachment, now, expected) =>
      session.write(() => {
        const resource = resourceOf(ref);
        if (!resource) return { status: 'Missing' };
        const current = loadAttachment(session, resource, attachment.type);
        if (current && isOther(expected, current)) return { status: 'Conflict' };
        session.changed();
        if (current) removeAttachment(session, resource, current);
        const revision = current ? current.revision + 1 : 0;
        putAttachment(session, resource, { ...attachment, revision });
        logUpdate(ref, resource.key, attachment.type, now);
        return { status: 'Done', revision };
      }),
    deleteAttachment: (ref, type, now, expected) =>
      session.write(() => {
        const resource = resourceOf(ref);
        const current = resource && loadAttachment(session, resource, type);
        if (!resource || !current) return { status: 'Missing' };
        if (isOther(expected, current)) return { status: 'Conflict' };
        session.changed();
        removeAttachment(session, resource, current);
        logUpdate(ref, resource.key, type, now);
        return { status: 'Done', revision: current.revision };
      }),
    setMd5: (uuid, md5) =>
      session.write(() => {
        session.changed();
        database.run('UPDATE instance SET md5 = ? WHERE uuid = ?', packMd5(md5), packUuid(uuid));
      }),
    deleteAttachmentsOfType: (type) =>
      session.write(() => {
        session.changed();
        const found = holders(type);
        for (const resource of found) {
          const attachment = loadAttachment(session, resource, type);
          if (attachment) removeAttachment(session, resource, attachment);
        }
        return found.length;
      }),
  };
}
