// How attachments are kept: the file of an instance (type 1) in the instance's own row, all others in a table by slot.
// Every change of either keeps the totals and the list of removed blobs true.
import { Attachment, type AttachmentInfo, type AttachmentType, levelNumber, PharosError } from '../model/index.ts';
import { integer, md5OfText, packedText, packMd5, packUuid, type Row, text, uuidOfText, type Value } from './rows.ts';
import { slotsOfResource } from './schema.ts';
import type { Located, Session } from './session.ts';

type Columns = [
  uuid: Buffer | string | null,
  compression: number | null,
  size: number | null,
  stored: number | null,
  md5: Buffer | string | null,
  storedMd5: Buffer | string | null,
  revision: number | null,
];

/** Order of the columns in both tables, and of `fileColumns`. */
const writtenColumns = 'uuid, compression, size, stored, md5, stored_md5, revision';

/** What `readAttachment` reads. */
export const attachmentColumns = `${packedText('uuid')}, compression, size, stored,
  ${packedText('md5')}, ${packedText('stored_md5')}, revision`;

const crcBytes = 4;

/** The column `md5`: an MD5, or while there is none a CRC-32, told from it by its length. */
function checksumColumn({ uncompressedMd5, crc32 }: AttachmentInfo): Buffer | string {
  if (uncompressedMd5 !== undefined) return packMd5(uncompressedMd5);
  const bytes = Buffer.alloc(crcBytes);
  bytes.writeUInt32BE(crc32 ?? 0);
  return bytes;
}

type Checksums = Pick<AttachmentInfo, 'uncompressedMd5' | 'compressedMd5' | 'crc32'>;

function checksumsOf(md5: Value, storedMd5: Value): Checksums {
  const isCrc = typeof md5 === 'string' && md5.length === 2 * crcBytes && !md5.startsWith('=');
  if (isCrc) return { uncompressedMd5: undefined, compressedMd5: undefined, crc32: Number.parseInt(md5, 16) };
  const uncompressedMd5 = text(md5OfText(md5));
  return { uncompressedMd5, compressedMd5: md5OfText(storedMd5) ?? uncompressedMd5 };
}

/** The columns of an attachment; those of none are null. The second MD5 is null where it equals the first. */
export function fileColumns(file: AttachmentInfo | undefined): Columns {
  if (!file) return [null, null, null, null, null, null, null];
  const md5 = checksumColumn(file);
  const { uncompressedMd5, compressedMd5 } = file;
  const storedMd5 = compressedMd5 === undefined || compressedMd5 === uncompressedMd5 ? null : packMd5(compressedMd5);
  const compression = file.compression === 'zlib' ? 1 : 0;
  return [packUuid(file.uuid), compression, file.uncompressedSize, file.compressedSize, md5, storedMd5, file.revision];
}

/** Reads `attachmentColumns` from column `at` on; undefined where they are null. */
export function readAttachment(type: AttachmentType, row: Row, at: number): AttachmentInfo | undefined {
  const uuid = uuidOfText(row[at]);
  if (uuid === undefined) return undefined;
  return {
    type,
    uuid,
    compression: integer(row[at + 1]) === 1 ? 'zlib' : 'none',
    uncompressedSize: integer(row[at + 2]),
    compressedSize: integer(row[at + 3]),
    ...checksumsOf(row[at + 4], row[at + 5]),
    revision: integer(row[at + 6]),
  };
}

/** @throws PharosError ParameterOutOfRange for a type that is no number of 16 bits */
export function slotOf(key: number, type: number): number {
  if (!Number.isInteger(type) || type < 0 || type >= slotsOfResource) {
    throw new PharosError('ParameterOutOfRange', 'Types of metadata and attachments go from 0 to 65535');
  }
  return key * slotsOfResource + type;
}

function isInRow(resource: Located, type: AttachmentType): boolean {
  return resource.level === levelNumber.Instance && type === Attachment.dicom;
}

function account(session: Session, type: AttachmentType, stored: number, size: number): void {
  const { values } = session.totals;
  values.stored += stored;
  values.size += size;
  if (type !== Attachment.dicom) return;
  values.dicom_stored += stored;
  values.dicom_size += size;
}

/** Accounts for a new attachment and, where it is not in the row of its instance, writes it. */
export function insertAttachment(session: Session, key: number, attachment: AttachmentInfo, hasOwnRow: boolean): void {
  account(session, attachment.type, attachment.compressedSize, attachment.uncompressedSize);
  if (!hasOwnRow) return;
  const sql = 'INSERT INTO attachment VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
  session.database.run(sql, slotOf(key, attachment.type), ...fileColumns(attachment));
}

export function loadAttachment(session: Session, resource: Located, type: AttachmentType): AttachmentInfo | undefined {
  const row = isInRow(resource, type)
    ? session.database.row(`SELECT ${attachmentColumns} FROM instance WHERE key = ?`, resource.key)
    : session.database.row(`SELECT ${attachmentColumns} FROM attachment WHERE slot = ?`, slotOf(resource.key, type));
  return row && readAttachment(type, row, 0);
}

/** Lists a blob for removal. */
function dropBlob(session: Session, attachment: AttachmentInfo): void {
  session.database.run('INSERT OR IGNORE INTO removed_blob VALUES (?)', packUuid(attachment.uuid));
  account(session, attachment.type, -attachment.compressedSize, -attachment.uncompressedSize);
}

const updateFile = `UPDATE instance SET (${writtenColumns}) = (?, ?, ?, ?, ?, ?, ?) WHERE key = ?`;

export function removeAttachment(session: Session, resource: Located, attachment: AttachmentInfo): void {
  dropBlob(session, attachment);
  if (isInRow(resource, attachment.type)) {
    session.database.run(updateFile, ...fileColumns(undefined), resource.key);
    return;
  }
  session.database.run('DELETE FROM attachment WHERE slot = ?', slotOf(resource.key, attachment.type));
}

/** Writes an attachment of which there is none of its type. */
export function putAttachment(session: Session, resource: Located, attachment: AttachmentInfo): void {
  const inRow = isInRow(resource, attachment.type);
  insertAttachment(session, resource.key, attachment, !inRow);
  if (inRow) session.database.run(updateFile, ...fileColumns(attachment), resource.key);
}

/** Accounts for the end of all attachments of these resources and lists their blobs; the rows of instances stay. */
export function removeAttachmentsOf(session: Session, keys: string, areInstances: boolean): void {
  const { database } = session;
  if (areInstances) {
    const files = `FROM instance WHERE key IN (SELECT value FROM json_each(?)) AND uuid IS NOT NULL`;
    const sums = database.row(`SELECT coalesce(sum(stored), 0), coalesce(sum(size), 0) ${files}`, keys);
    account(session, Attachment.dicom, -integer(sums?.[0]), -integer(sums?.[1]));
    database.run(`INSERT OR IGNORE INTO removed_blob SELECT uuid ${files}`, keys);
  }
  const slots = `SELECT a.slot FROM json_each(?) k CROSS JOIN attachment a
    ON a.slot BETWEEN k.value * ${slotsOfResource} AND k.value * ${slotsOfResource} + ${slotsOfResource - 1}`;
  const others = `SELECT slot, ${attachmentColumns} FROM attachment WHERE slot IN (${slots})`;
  for (const row of database.rows(others, keys)) {
    const slot = integer(row[0]);
    const attachment = readAttachment(slot % slotsOfResource, row, 1);
    if (attachment) dropBlob(session, attachment);
    database.run('DELETE FROM attachment WHERE slot = ?', slot);
  }
}
