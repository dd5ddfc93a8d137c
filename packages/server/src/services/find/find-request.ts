// A search as a value: what C-FIND, QIDO-RS and /tools/find have in common (PS3.4 C.2.2.2). It knows neither JSON nor DIMSE.
import type { Tag } from '@pharos/dicom';
import type { Level, MetadataType, OrthancId } from '../../model/index.ts';
import type { IndexQuery, Match, MetadataTerm, OrderTerm } from '../../ports/index.ts';

/** A condition on an attribute, wherever its value is found: in the index, computed, or in the file. */
export interface FindTerm {
  readonly tag: Tag;
  readonly match: Match;
  readonly caseSensitive: boolean;
}

export interface FindOrder {
  readonly key: { readonly tag: Tag } | { readonly metadata: MetadataType };
  readonly as: OrderTerm['as'];
  readonly descending: boolean;
}

/** All conditions must hold. */
export interface FindRequest {
  readonly level: Level;
  readonly terms?: readonly FindTerm[];
  readonly metadata?: readonly MetadataTerm[];
  readonly labels?: IndexQuery['labels'];
  /** Only this resource or what is below it. */
  readonly within?: OrthancId;
  readonly orderBy?: readonly FindOrder[];
  /** How many to pass over; not possible where a term needs more than the index. */
  readonly since?: number;
  /** At most so many; undefined is no limit. */
  readonly limit?: number;
}
