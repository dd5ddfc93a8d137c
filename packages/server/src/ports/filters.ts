// What others than the services have a say in before it happens. A member is there only while somebody wants to be asked: it is looked
// up each time, and where it is missing nothing is prepared for it.
import type { Json, Tag } from '@pharos/dicom';
import type { Origin } from '../model/index.ts';

/** An instance that comes, before it is stored. */
export interface InstanceView {
  /** JSON of the tags by name, as `GET /instances/{id}/simplified-tags` shows them. */
  readonly tags: string;
  readonly hasPixelData: boolean;
  readonly transferSyntax: string;
}

/** It is not stored. */
export interface Refusal {
  /** What the sender of a C-STORE is answered; 0 is success. */
  readonly dimseStatus: number;
}

/** Who asks by C-FIND. */
export interface FindPeer {
  readonly aet: string;
  readonly ip: string;
  readonly calledAet: string;
  readonly manufacturer: string;
}

/** Keys of a query; '' is one that is only returned. */
export type KeyTexts = ReadonlyMap<Tag, string>;

export interface Filters {
  /** undefined: it is stored. */
  readonly receivedInstance?: (view: InstanceView, origin: Origin) => Promise<Refusal | undefined>;
  /** @param tags as of `InstanceView`. False: it is not sent, which is no failure */
  readonly sentInstance?: (tags: string, to: { readonly aet: string; readonly host: string }) => Promise<boolean>;
  readonly receivedFind?: (keys: KeyTexts, peer: FindPeer) => Promise<KeyTexts>;
  /** @param query by tag, sequences as arrays of such objects */
  readonly receivedWorklistFind?: (query: Json, peer: FindPeer) => Promise<object>;
  readonly sentFind?: (keys: KeyTexts, aet: string) => Promise<KeyTexts>;
}
