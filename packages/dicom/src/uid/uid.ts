// Unique identifiers (PS3.5 9): syntax, the registered ones (PS3.6 A) and new ones made from a UUID (PS3.5 B.2).
import { storageClassTable } from '../generated/storage-classes.js';
import { uidTable } from '../generated/uids.js';

const root = '1.2.840.10008.';
const component = /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*$/;

export interface StorageSopClass {
  readonly uid: string;
  readonly keyword: string;
  /** Modality (0008,0060) that such instances usually have. */
  readonly modality?: string;
}

/** SOP classes whose instances can be stored (PS3.4 B.5), retired, draft, DICONDE and DICOS ones included. */
export const storageSopClasses: readonly StorageSopClass[] = storageClassTable.split('\n').map((line) => {
  const [suffix = '', keyword = '', modality = ''] = line.split('\t');
  return { uid: root + suffix, keyword, ...(modality !== '' && { modality }) };
});

/** Name that PS3.6 A gives to a UID, such as `CT Image Storage`. */
export function uidName(uid: string): string | undefined {
  if (!uid.startsWith(root)) return undefined;
  const suffix = uid.slice(root.length);
  const line = lineOf(`\n${suffix}\t`) ?? (uidTable.startsWith(`${suffix}\t`) ? firstLine() : undefined);
  return line?.split('\t')[2];
}

/** Whether a text is a well-formed UID: components without leading zeros, at most 64 characters. */
export function isUid(text: string): boolean {
  return text.length <= 64 && component.test(text);
}

/** The UID of a UUID (PS3.5 B.2). */
export function uidOfUuid(uuid: string): string {
  return `2.25.${BigInt(`0x${uuid.replaceAll('-', '')}`)}`;
}

/** A new UID: `2.25.` and a random UUID as a decimal number (PS3.5 B.2), at most 44 characters. */
export function generateUid(): string {
  return uidOfUuid(crypto.randomUUID());
}

function lineOf(start: string): string | undefined {
  const at = uidTable.indexOf(start);
  if (at < 0) return undefined;
  const end = uidTable.indexOf('\n', at + 1);
  return uidTable.slice(at + 1, end < 0 ? undefined : end);
}

function firstLine(): string {
  return uidTable.slice(0, uidTable.indexOf('\n'));
}
