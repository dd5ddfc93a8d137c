// Metadata: small texts attached to a resource, numbered. Below 1024 they belong to the server, from 1024 on to the user.
import { PharosError } from './error.ts';

export const Metadata = {
  IndexInSeries: 1,
  ReceptionDate: 2,
  RemoteAET: 3,
  ExpectedNumberOfInstances: 4,
  ModifiedFrom: 5,
  AnonymizedFrom: 6,
  LastUpdate: 7,
  Origin: 8,
  TransferSyntax: 9,
  SopClassUid: 10,
  RemoteIP: 11,
  CalledAET: 12,
  HttpUsername: 13,
  PixelDataOffset: 14,
  MainDicomTagsSignature: 15,
  MainDicomSequences: 16,
  PixelDataVR: 17,
  IsProtected: 18,
  PatientRecyclingOrder: 19,
} as const;

export type MetadataType = number;

/** Numbers from here on are the user's. */
export const firstUserNumber = 1024;
export const lastUserNumber = 65535;

/** Names of numbers and numbers of names: of metadata, or of attachments. */
export interface NumberRegistry {
  /** The number of a name or of a plain number from 1024 on. @throws PharosError InexistentItem for an unknown name. */
  numberOf(name: string): number;
  /** The name, or the number itself as text where it has none. */
  nameOf(number: number): string;
  isUser(number: number): boolean;
  /** Names that the configuration added, with their numbers. */
  readonly userNames: Readonly<Record<string, number>>;
}

/**
 * @param own the server's names
 * @param user the names of the configuration (UserMetadata, UserContentType)
 */
export function createNumberRegistry(
  own: Readonly<Record<string, number>>,
  user: Readonly<Record<string, number>>,
): NumberRegistry {
  const numbers = new Map<string, number>([...Object.entries(user), ...Object.entries(own)]);
  const names = new Map<number, string>([...numbers].map(([name, number]) => [number, name]));
  return {
    numberOf(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const number = /^\d{1,5}$/.test(name) ? Number(name) : -1;
      if (names.has(number) || (number >= firstUserNumber && number <= lastUserNumber)) return number;
      throw new PharosError('InexistentItem', `No such name: ${name.slice(0, 64)}`);
    },
    nameOf: (number) => names.get(number) ?? String(number),
    isUser: (number) => number >= firstUserNumber,
    userNames: user,
  };
}

/** @param user UserMetadata of the configuration: name -> 1024..65535 */
export function createMetadataRegistry(user: Readonly<Record<string, number>> = {}): NumberRegistry {
  return createNumberRegistry(Metadata, user);
}
