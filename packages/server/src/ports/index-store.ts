// What the server knows of its resources: a few narrow ports that one database implements together.
// Every method is atomic. Ids that do not exist give undefined (or an empty answer), never an exception.
import type { Tag } from '@pharos/dicom';
import type {
  AttachmentInfo,
  AttachmentType,
  Change,
  ChangeName,
  ExportedResource,
  Level,
  MainDicomTags,
  MetadataType,
  OrthancId,
  ResourceIds,
} from '../model/index.ts';

/* ---- adding and removing ---- */

export type OverwriteMode = 'Never' | 'Always' | 'IfChanged';

export type MetadataValues = Readonly<Record<MetadataType, string>>;

/** All that one new instance writes. */
export interface NewInstance {
  readonly ids: ResourceIds;
  /** Main DICOM tags by level; those of the ancestors count only where the ancestor is new. */
  readonly tags: Readonly<Record<Level, MainDicomTags>>;
  /** System metadata by level, LastUpdate excepted; those of the ancestors count only where the ancestor is new. */
  readonly metadata: Readonly<Record<Level, MetadataValues>>;
  readonly attachments: readonly AttachmentInfo[];
  /** UTC, `YYYYMMDDTHHMMSS`: becomes LastUpdate of all ancestors. */
  readonly receivedAt: string;
  /** What happens when the instance exists. IfChanged compares the MD5 of attachment `dicom`, or its size and CRC-32. */
  readonly overwrite: OverwriteMode;
}

/** MaximumStorageSize and MaximumPatientCount; 0 is no limit. */
export interface StorageLimits {
  readonly maximumBytes: number;
  readonly maximumPatients: number;
  readonly mode: 'Recycle' | 'Reject';
}

export type AddOutcome =
  | {
      readonly status: 'Stored';
      /** Levels of which a resource was made, from the patient down; always ends with Instance. */
      readonly created: readonly Level[];
      /** True where this instance completed its series (ExpectedNumberOfInstances). */
      readonly completedSeries: boolean;
    }
  | { readonly status: 'AlreadyStored' }
  /** The limits leave no room, even after recycling what may be recycled. */
  | { readonly status: 'Full' };

export interface AddedInstances {
  /** One for each instance of the batch, in order. */
  readonly outcomes: readonly AddOutcome[];
  /** Patients recycled to make room, oldest first. */
  readonly recycled: readonly OrthancId[];
  /** All that was removed: with the recycled patients, and where others took its place. */
  readonly removed: readonly ResourceRef[];
}

export interface ResourceRef {
  readonly level: Level;
  readonly id: OrthancId;
}

export interface ResourceWriter {
  /**
   * Adds a batch in one transaction: resources that are missing, tags, metadata, attachments, changes (NewInstance, NewSeries,
   * NewStudy, NewPatient, CompletedSeries, in this order for each), LastUpdate and un-stability of the ancestors.
   * Within the batch, later instances see earlier ones. A patient is new or touched: it goes last in the recycling order.
   * Blobs of what was overwritten or recycled join `removedBlobs`.
   */
  addInstances(batch: readonly NewInstance[], limits: StorageLimits): Promise<AddedInstances>;
  /** Everything committed so far survives a power cut when this resolves. Off the event loop; calls may be shared. */
  sync(): Promise<void>;
  /** Gives room on the disk back that is kept for what is written next. Never throws. */
  yieldRoom(): Promise<void>;
  /** Deletes a resource with its descendants, and ancestors left empty; refreshes LastUpdate of the others.
   * Gives the closest ancestor that is left; undefined where the resource does not exist. */
  deleteResource(
    ref: ResourceRef,
    now: string,
  ): Promise<{ readonly remaining: ResourceRef | undefined; readonly deleted: readonly ResourceRef[] } | undefined>;
  /** Replaces main DICOM tags and system metadata of one resource (reconstruct). */
  replaceTags(ref: ResourceRef, tags: MainDicomTags, metadata: MetadataValues): Promise<boolean>;
  setProtected(patient: OrthancId, isProtected: boolean): Promise<boolean>;
  /** Marks as stable, with their change, the patients, studies and series without a new instance since `before`
   * (UTC, `YYYYMMDDTHHMMSS`). At most `limit`. */
  stabilise(before: string, now: string, limit: number): Promise<readonly ResourceRef[]>;
  /** The same for one of them whatever its age, or marks it as unstable as of now. undefined: it does not exist, or is an instance. */
  setStable(
    id: OrthancId,
    isStable: boolean,
    now: string,
  ): Promise<{ readonly resource: ResourceRef; readonly isChanged: boolean } | undefined>;
  /** Blobs whose rows are gone, to be removed from the BlobStore; they stay listed until forgotten. */
  removedBlobs(limit: number, after?: string): Promise<readonly string[]>;
  forgetRemovedBlobs(keys: readonly string[]): Promise<void>;
  /** Which of these blobs have a row. */
  blobsWithRow(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** The last blob with a row whose key is `from` or after it, and before `before`; both have the form of a UUID. */
  lastBlobBetween(from: string, before: string): Promise<string | undefined>;
  countBlobsBetween(from: string, before: string): Promise<number>;
  /** The resource that a blob belongs to. */
  resourceOfBlob(key: string): Promise<ResourceRef | undefined>;
  /** Gives blobs new keys; tells the old keys of those that had a row. */
  moveBlobs(newKeys: ReadonlyMap<string, string>): Promise<ReadonlySet<string>>;
}

/* ---- reading ---- */

/** What to fetch of a resource beyond level, id and the cheap facts. Ask for what you show, no more. */
export interface ResourceFields {
  readonly tags?: boolean;
  /** Id and tags of every ancestor. */
  readonly ancestors?: boolean;
  /** Ids of the children, sorted. */
  readonly children?: boolean;
  readonly metadata?: boolean;
  readonly labels?: boolean;
  readonly attachments?: boolean;
}

export interface MetadataEntry {
  readonly type: MetadataType;
  readonly value: string;
  readonly revision: number;
}

export interface Resource extends ResourceRef {
  readonly parent: OrthancId | undefined;
  readonly isStable: boolean;
  /** Patients only. */
  readonly isProtected: boolean;
  /** Own main DICOM tags; {} unless asked for. A study has its patient's too, as its own files have them. */
  readonly tags: MainDicomTags;
  readonly ancestors: Readonly<Partial<Record<Level, { readonly id: OrthancId; readonly tags: MainDicomTags }>>>;
  readonly children: readonly OrthancId[];
  /** Ordered by type; LastUpdate of patients, studies and series, and IsProtected of protected patients, are among them. */
  readonly metadata: readonly MetadataEntry[];
  /** Sorted. */
  readonly labels: readonly string[];
  /** Ordered by type. */
  readonly attachments: readonly AttachmentInfo[];
}

export type Match =
  | { readonly kind: 'equal'; readonly value: string }
  /** Any of the values equal; a stored multi-value matches where any of its components does. */
  | { readonly kind: 'list'; readonly values: readonly string[] }
  /** `*` any characters, `?` one character, on the whole value; a lone `*` requires the tag to exist. */
  | { readonly kind: 'wildcard'; readonly pattern: string }
  /** Inclusive, compared as strings; one end may be open. */
  | { readonly kind: 'range'; readonly from?: string; readonly to?: string };

/** A condition on a main DICOM tag. Case-insensitive comparison folds accents and case (`foldCase` of the dicom package). */
export interface TagTerm {
  readonly tag: Tag;
  /** Level whose stored tag is meant. Above the query's level: the ancestor's; below it: any descendant's. */
  readonly level: Level;
  readonly match: Match;
  readonly caseSensitive: boolean;
}

export interface MetadataTerm {
  readonly type: MetadataType;
  readonly match: Match;
  readonly caseSensitive: boolean;
}

export interface OrderTerm {
  readonly key: { readonly tag: Tag; readonly level: Level } | { readonly metadata: MetadataType };
  readonly as: 'text' | 'integer' | 'float';
  readonly descending: boolean;
}

/** A search; all conditions must hold. Without `orderBy`, results come in the order in which the resources were made. */
export interface IndexQuery {
  readonly level: Level;
  readonly terms?: readonly TagTerm[];
  readonly metadata?: readonly MetadataTerm[];
  /** All: has all of them. Any: has one of them. None: has none of them (of no labels at all where the list is empty). */
  readonly labels?: { readonly constraint: 'All' | 'Any' | 'None'; readonly labels: readonly string[] };
  /** Only this resource or what is below it. */
  readonly within?: OrthancId;
  readonly orderBy?: readonly OrderTerm[];
  /** How many to pass over. */
  readonly since?: number;
  /** At most so many; undefined is no limit. */
  readonly limit?: number;
}

export interface ResourceCounts {
  readonly patients: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
}

/** Sizes in bytes: of all attachments, and of those of type `dicom` alone. */
export interface DiskUsage {
  readonly diskSize: number;
  readonly uncompressedSize: number;
  readonly dicomDiskSize: number;
  readonly dicomUncompressedSize: number;
}

/** A main tag, or a metadata. */
export type ValueOf = { readonly tag: Tag } | { readonly metadata: MetadataType };

export interface ResourceReader {
  get(id: OrthancId, fields: ResourceFields): Promise<Resource | undefined>;
  /** Those of a few hundred resources that are there, by identifier: cheaper than one by one. */
  getAll(ids: readonly OrthancId[], fields: ResourceFields): Promise<ReadonlyMap<OrthancId, Resource>>;
  /** Batches of at most 500, so that neither memory nor the event loop is held by a large answer. */
  find(query: IndexQuery, fields: ResourceFields): AsyncIterable<readonly Resource[]>;
  count(query: IndexQuery): Promise<number>;
  /** Resources whose PatientID, StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID is this (normalised as Orthanc does); from the patient down. */
  lookup(identifier: string): Promise<readonly ResourceRef[]>;
  /** Of the resource and what is below it; of the whole server without an id. */
  counts(id?: OrthancId): Promise<ResourceCounts>;
  diskUsage(id?: OrthancId): Promise<DiskUsage>;
  /** Distinct values, sorted, of a main tag or of a metadata among the descendants of that level (ModalitiesInStudy, SOPClassesInStudy, image indices). */
  valuesBelow(id: OrthancId, level: Level, of: ValueOf): Promise<readonly string[]>;
  /** The same of a few hundred resources of one level, by identifier: cheaper than one by one. */
  valuesBelowEach(
    ids: readonly OrthancId[],
    level: Level,
    of: ValueOf,
  ): Promise<ReadonlyMap<OrthancId, readonly string[]>>;
}

/* ---- metadata, attachments, labels ---- */

/** What a client says it changes: undefined where it does not care. `revision` undefined is «must not exist yet». */
export interface ExpectedRevision {
  readonly revision: number | undefined;
  /** MD5 of the value, lower-case hex. */
  readonly md5?: string;
  /** Of an attachment: its CRC-32, compared where its MD5 is not known. */
  readonly crc32?: number;
}

export type RevisionOutcome =
  | { readonly status: 'Done'; readonly revision: number }
  | { readonly status: 'Conflict' }
  | { readonly status: 'Missing' };

export interface MetadataStore {
  /** Sets with revision 0, or with the next one where it exists; logs UpdatedMetadata for user types. */
  setMetadata(
    ref: ResourceRef,
    type: MetadataType,
    value: string,
    now: string,
    expected?: ExpectedRevision,
  ): Promise<RevisionOutcome>;
  deleteMetadata(
    ref: ResourceRef,
    type: MetadataType,
    now: string,
    expected?: ExpectedRevision,
  ): Promise<RevisionOutcome>;
}

export interface AttachmentStore {
  /** Adds, or replaces with the next revision; the replaced blob joins `removedBlobs`. Logs UpdatedAttachment for user types. */
  setAttachment(
    ref: ResourceRef,
    attachment: Omit<AttachmentInfo, 'revision'>,
    now: string,
    expected?: ExpectedRevision,
  ): Promise<RevisionOutcome>;
  deleteAttachment(
    ref: ResourceRef,
    type: AttachmentType,
    now: string,
    expected?: ExpectedRevision,
  ): Promise<RevisionOutcome>;
  /** The MD5 of the file of an instance, of which only the CRC-32 was known. Nothing happens where the blob has no row any more. */
  setMd5(uuid: string, md5: string): Promise<void>;
  /** Deletes every attachment of this type on the server; their blobs join `removedBlobs`. */
  deleteAttachmentsOfType(type: AttachmentType): Promise<number>;
}

export interface LabelStore {
  addLabel(ref: ResourceRef, label: string): Promise<boolean>;
  removeLabel(ref: ResourceRef, label: string): Promise<boolean>;
  /** All labels in use, sorted. */
  allLabels(): Promise<readonly string[]>;
}

/* ---- logs and properties ---- */

export interface ChangesQuery {
  /** Exclusive. */
  readonly since?: number;
  /** Inclusive. With `to` and no `since`: the newest `limit` up to `to`, still ascending. */
  readonly to?: number;
  readonly limit: number;
  readonly types?: readonly ChangeName[];
}

export interface ChangesPage {
  readonly changes: readonly Change[];
  /** No more changes after (before, where `to` is given without `since`) this page. */
  readonly done: boolean;
}

export interface ChangeLog {
  logChange(ref: ResourceRef, type: ChangeName, now: string): Promise<void>;
  changes(query: ChangesQuery): Promise<ChangesPage>;
  lastChange(): Promise<Change | undefined>;
  /** Highest Seq ever given; 0 at first. */
  lastSeq(): Promise<number>;
  clearChanges(): Promise<void>;
  logExport(exported: Omit<ExportedResource, 'seq'>): Promise<void>;
  exports(
    since: number,
    limit: number,
  ): Promise<{ readonly exports: readonly ExportedResource[]; readonly done: boolean }>;
  lastExport(): Promise<ExportedResource | undefined>;
  clearExports(): Promise<void>;
}

/** Values of the server itself, under names of its own. */
export interface PropertyStore {
  property(name: string): Promise<string | undefined>;
  setProperty(name: string, value: string): Promise<void>;
  /** Adds one to a counter and gives it, from 1. */
  nextNumber(counter: string): Promise<number>;
}

/** Bytes that scripts and plug-ins keep, by the name of a store and a key. */
export interface KeyValueStore {
  keyValue(store: string, key: string): Promise<Uint8Array | undefined>;
  setKeyValue(store: string, key: string, value: Uint8Array): Promise<void>;
  /** Nothing happens where there is none. */
  deleteKeyValue(store: string, key: string): Promise<void>;
}

/** A job as it is kept: texts that the index does not look into. */
export interface SavedJob {
  /** A UUID. */
  readonly id: string;
  /** What the job was asked for; does not change. */
  readonly request: string;
  /** How far it has come: changes with every step, and therefore stands apart. */
  readonly state: string;
}

export interface JobStore {
  /** Adds a job; of one that is kept already, only the state is written. */
  saveJob(job: SavedJob): Promise<void>;
  removeJob(id: string): Promise<void>;
  /** In the order in which they were added. */
  savedJobs(): Promise<readonly SavedJob[]>;
}

export interface IndexStore
  extends ResourceWriter,
    ResourceReader,
    MetadataStore,
    AttachmentStore,
    LabelStore,
    ChangeLog,
    PropertyStore,
    KeyValueStore,
    JobStore {
  close(): Promise<void>;
}
