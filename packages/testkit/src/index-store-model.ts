// An index in memory, written for clarity alone: what the contract suite compares every IndexStore with. Each method follows
// the doc comment of the port.
import { createHash } from 'node:crypto';
import { foldCase, formatTag, matchesWildcard } from '@pharos/dicom';
import {
  Attachment,
  type AttachmentInfo,
  type Change,
  type ChangeName,
  firstUserNumber,
  isAbove,
  type Level,
  levels,
  type MainDicomTags,
  Metadata,
  type OrthancId,
} from '../../server/src/model/index.ts';
import type {
  AddedInstances,
  AddOutcome,
  ChangesPage,
  ChangesQuery,
  ExpectedRevision,
  IndexQuery,
  Match,
  MetadataEntry,
  MetadataValues,
  NewInstance,
  Resource,
  ResourceRef,
  RevisionOutcome,
  StorageLimits,
} from '../../server/src/ports/index.ts';

interface Node {
  readonly level: Level;
  readonly id: OrthancId;
  readonly parent: Node | undefined;
  /** Order of creation. */
  readonly made: number;
  tags: MainDicomTags;
  metadata: Map<number, { value: string; revision: number }>;
  attachments: Map<number, AttachmentInfo>;
  labels: Set<string>;
  updated: string;
  received: string | undefined;
  isProtected: boolean;
  touched: number;
}

const keys = { Patient: 'patient', Study: 'study', Series: 'series', Instance: 'instance' } as const;
const newChange = { Patient: 'NewPatient', Study: 'NewStudy', Series: 'NewSeries', Instance: 'NewInstance' } as const;
const stableChange = { Patient: 'StablePatient', Study: 'StableStudy', Series: 'StableSeries' } as const;

interface Gone {
  readonly recycled: OrthancId[];
  readonly removed: ResourceRef[];
}

export class ModelIndex {
  nodes: Node[] = [];
  log: Change[] = [];
  removed = new Set<string>();
  seq = 0;
  #made = 0;
  #touched = 0;

  find(id: OrthancId): Node | undefined {
    return this.nodes.find((node) => node.id === id);
  }

  #at(ref: ResourceRef): Node | undefined {
    const node = this.find(ref.id);
    return node?.level === ref.level ? node : undefined;
  }

  #change(type: ChangeName, { level, id }: ResourceRef, date: string): void {
    this.seq += 1;
    this.log.push({ seq: this.seq, type, level, id, date });
  }

  childrenOf(node: Node): Node[] {
    return this.nodes.filter(({ parent }) => parent === node);
  }

  below(node: Node): Node[] {
    return [node, ...this.childrenOf(node).flatMap((child) => this.below(child))];
  }

  ancestor(node: Node, level: Level): Node {
    return node.level === level || !node.parent ? node : this.ancestor(node.parent, level);
  }

  size(): number {
    return this.nodes.flatMap((node) => [...node.attachments.values()]).reduce((sum, a) => sum + a.compressedSize, 0);
  }

  addInstances(batch: readonly NewInstance[], limits: StorageLimits): AddedInstances {
    const gone: Gone = { recycled: [], removed: [] };
    return { outcomes: batch.map((added) => this.#add(added, limits, gone)), ...gone };
  }

  #add(added: NewInstance, limits: StorageLimits, gone: Gone): AddOutcome {
    const old = this.find(added.ids.instance);
    const file = (attachments: Iterable<AttachmentInfo>) => [...attachments].find((a) => a.type === Attachment.dicom);
    const md5 = old && file(old.attachments.values())?.uncompressedMd5;
    const isSame = Boolean(md5) && md5 === file(added.attachments)?.uncompressedMd5;
    if (old && (added.overwrite === 'Never' || (added.overwrite === 'IfChanged' && isSame))) {
      return { status: 'AlreadyStored' };
    }
    const saved = this.#save();
    const mine: Gone = { recycled: [], removed: [] };
    if (old) mine.removed.push(...(this.deleteResource(old, added.receivedAt)?.deleted ?? []));
    if (!this.#makeRoom(added, limits, mine)) {
      this.#restore(saved);
      return { status: 'Full' };
    }
    gone.recycled.push(...mine.recycled);
    gone.removed.push(...mine.removed);
    return this.#insert(added);
  }

  #save(): () => void {
    const { nodes, log, removed, seq } = this;
    const state = nodes.map((node) => ({ node, copy: { ...node } }));
    const [list, changes, blobs] = [[...nodes], [...log], new Set(removed)];
    return () => {
      for (const { node, copy } of state) Object.assign(node, copy);
      Object.assign(this, { nodes: list, log: changes, removed: blobs, seq });
    };
  }

  #restore(saved: () => void): void {
    saved();
  }

  #makeRoom(added: NewInstance, limits: StorageLimits, gone: Gone): boolean {
    const size = added.attachments.reduce((sum, a) => sum + a.compressedSize, 0);
    const fits = (): boolean => {
      if (limits.maximumBytes > 0 && this.size() + size > limits.maximumBytes) return false;
      const patients = this.nodes.filter(({ level }) => level === 'Patient');
      const isNew = !this.find(added.ids.patient);
      return limits.maximumPatients <= 0 || !isNew || patients.length < limits.maximumPatients;
    };
    while (!fits()) {
      const candidates = this.nodes
        .filter(({ level, id, isProtected }) => level === 'Patient' && !isProtected && id !== added.ids.patient)
        .sort((a, b) => a.touched - b.touched);
      const [oldest] = candidates;
      if (limits.mode === 'Reject' || !oldest) return false;
      gone.removed.push(...(this.deleteResource(oldest, added.receivedAt)?.deleted ?? []));
      gone.recycled.push(oldest.id);
    }
    return true;
  }

  #insert(added: NewInstance): AddOutcome {
    const created: Level[] = [];
    let parent: Node | undefined;
    for (const level of levels) {
      const id = added.ids[keys[level]];
      const known = this.find(id);
      const node = known ?? this.#make(level, id, parent, added);
      if (!known) created.push(level);
      node.updated = added.receivedAt;
      node.received = added.receivedAt;
      parent = node;
    }
    for (const level of [...created].reverse()) {
      this.#change(newChange[level], { level, id: added.ids[keys[level]] }, added.receivedAt);
    }
    const patient = this.find(added.ids.patient);
    if (patient) patient.touched = ++this.#touched;
    const completedSeries = this.#isComplete(added.ids.series);
    if (completedSeries) this.#change('CompletedSeries', { level: 'Series', id: added.ids.series }, added.receivedAt);
    return { status: 'Stored', created, completedSeries };
  }

  #make(level: Level, id: OrthancId, parent: Node | undefined, added: NewInstance): Node {
    const node: Node = {
      level,
      id,
      parent,
      made: ++this.#made,
      tags: added.tags[level],
      metadata: systemMetadata(added.metadata[level]),
      attachments: new Map(level === 'Instance' ? added.attachments.map((a) => [a.type, a]) : []),
      labels: new Set(),
      updated: '',
      received: undefined,
      isProtected: false,
      touched: 0,
    };
    this.nodes.push(node);
    return node;
  }

  #isComplete(id: OrthancId): boolean {
    const series = this.find(id);
    const expected = Number(series?.metadata.get(Metadata.ExpectedNumberOfInstances)?.value ?? 0);
    if (!series || !(expected > 0)) return false;
    const indices = this.childrenOf(series).map((n) => Number(n.metadata.get(Metadata.IndexInSeries)?.value ?? 'none'));
    const isInside = (n: number): boolean => Number.isInteger(n) && n >= 1 && n <= expected;
    return indices.length === expected && new Set(indices).size === expected && indices.every(isInside);
  }

  #drop(node: Node): void {
    this.nodes = this.nodes.filter((other) => other !== node);
    this.log = this.log.filter(({ id }) => id !== node.id);
    for (const { uuid } of node.attachments.values()) this.removed.add(uuid);
  }

  deleteResource(
    ref: ResourceRef,
    now: string,
  ): { remaining: ResourceRef | undefined; deleted: ResourceRef[] } | undefined {
    const node = this.#at(ref);
    if (!node) return undefined;
    const deleted = this.below(node);
    let remaining = node.parent;
    for (const each of deleted) this.#drop(each);
    for (; remaining && this.childrenOf(remaining).length === 0; remaining = remaining.parent) {
      this.#drop(remaining);
      deleted.push(remaining);
    }
    for (let at = remaining; at; at = at.parent) at.updated = now;
    return { remaining: remaining && refOf(remaining), deleted: deleted.map(refOf) };
  }

  replaceTags(ref: ResourceRef, tags: MainDicomTags, metadata: MetadataValues): boolean {
    const node = this.#at(ref);
    if (!node) return false;
    node.tags = tags;
    const own = [...node.metadata].filter(([type]) => type >= firstUserNumber);
    node.metadata = new Map([...systemMetadata(metadata), ...own]);
    return true;
  }

  setProtected(id: OrthancId, isProtected: boolean): boolean {
    const node = this.#at({ level: 'Patient', id });
    if (!node) return false;
    if (node.isProtected && !isProtected) node.touched = ++this.#touched;
    node.isProtected = isProtected;
    return true;
  }

  stabilise(before: string, now: string): ResourceRef[] {
    const stable: ResourceRef[] = [];
    for (const level of ['Series', 'Study', 'Patient'] as const) {
      const due = this.nodes
        .filter((n) => n.level === level && n.received !== undefined && n.received < before)
        .sort((a, b) => (a.received ?? '').localeCompare(b.received ?? '') || a.made - b.made);
      for (const node of due) {
        node.received = undefined;
        this.#change(stableChange[level], node, now);
        stable.push(refOf(node));
      }
    }
    return stable;
  }

  resource(node: Node): Resource {
    const ancestors: Partial<Record<Level, { id: OrthancId; tags: MainDicomTags }>> = {};
    for (let at = node.parent; at; at = at.parent) ancestors[at.level] = { id: at.id, tags: at.tags };
    const metadata: MetadataEntry[] = [...node.metadata].map(([type, entry]) => ({ type, ...entry }));
    if (node.level !== 'Instance') metadata.push({ type: Metadata.LastUpdate, value: node.updated, revision: 0 });
    if (node.isProtected) metadata.push({ type: Metadata.IsProtected, value: 'true', revision: 0 });
    return {
      level: node.level,
      id: node.id,
      parent: node.parent?.id,
      isStable: node.level === 'Instance' || node.received === undefined,
      isProtected: node.isProtected,
      tags: node.tags,
      ancestors,
      children: this.childrenOf(node)
        .map(({ id }) => id)
        .sort(),
      metadata: metadata.sort((a, b) => a.type - b.type),
      labels: [...node.labels].sort(),
      attachments: [...node.attachments.values()].sort((a, b) => a.type - b.type),
    };
  }

  /** Ids of the matches in the order of the query. */
  search(query: IndexQuery): OrthancId[] {
    const matching = this.nodes.filter((node) => node.level === query.level && this.#matches(node, query));
    const sorted = matching.sort((a, b) => this.#compare(a, b, query));
    const from = query.since ?? 0;
    return sorted.slice(from, query.limit === undefined ? undefined : from + query.limit).map(({ id }) => id);
  }

  #matches(node: Node, query: IndexQuery): boolean {
    if (query.within !== undefined && !this.#isWithin(node, query.within)) return false;
    if (!hasLabels(node, query.labels)) return false;
    const metadata = this.resource(node).metadata;
    const isMet = (query.metadata ?? []).every(({ type, match, caseSensitive }) =>
      isMatch(metadata.find((entry) => entry.type === type)?.value, match, caseSensitive),
    );
    return (
      isMet &&
      (query.terms ?? []).every((term) => {
        const candidates = isAbove(node.level, term.level)
          ? this.below(node).filter(({ level }) => level === term.level)
          : [this.ancestor(node, term.level)];
        return candidates.some(({ tags }) => isMatch(tags[formatTag(term.tag)], term.match, term.caseSensitive));
      })
    );
  }

  #isWithin(node: Node, id: OrthancId): boolean {
    return node.id === id || (node.parent !== undefined && this.#isWithin(node.parent, id));
  }

  #compare(a: Node, b: Node, query: IndexQuery): number {
    for (const { key, as, descending } of query.orderBy ?? []) {
      const [x, y] = [a, b].map((node) => {
        if ('metadata' in key) return this.resource(node).metadata.find(({ type }) => type === key.metadata)?.value;
        return this.ancestor(node, key.level).tags[formatTag(key.tag)];
      });
      if (x === y) continue;
      if (x === undefined) return 1;
      if (y === undefined) return -1;
      const order = as === 'text' ? (x < y ? -1 : 1) : numberOf(x, as) - numberOf(y, as);
      if (order !== 0) return descending ? -order : order;
    }
    return a.made - b.made;
  }

  changes(query: ChangesQuery): ChangesPage {
    const inRange = this.log.filter(
      ({ seq, type }) =>
        seq > (query.since ?? 0) &&
        seq <= (query.to ?? Number.POSITIVE_INFINITY) &&
        (!query.types || query.types.includes(type)),
    );
    const isFromNewest = query.to !== undefined && query.since === undefined;
    const first = isFromNewest ? Math.max(0, inRange.length - query.limit) : 0;
    return { changes: inRange.slice(first, first + query.limit), done: inRange.length <= query.limit };
  }

  setMetadata(
    ref: ResourceRef,
    type: number,
    value: string,
    now: string,
    expected?: ExpectedRevision,
  ): RevisionOutcome {
    const node = this.#at(ref);
    if (!node) return { status: 'Missing' };
    const current = node.metadata.get(type);
    if (current && isConflict(expected, current.revision, md5Of(current.value))) return { status: 'Conflict' };
    const revision = current ? current.revision + 1 : 0;
    node.metadata = new Map([...node.metadata, [type, { value, revision }]]);
    if (type >= firstUserNumber) this.#change('UpdatedMetadata', ref, now);
    return { status: 'Done', revision };
  }

  deleteMetadata(ref: ResourceRef, type: number, now: string, expected?: ExpectedRevision): RevisionOutcome {
    const node = this.#at(ref);
    const current = node?.metadata.get(type);
    if (!node || !current) return { status: 'Missing' };
    if (isConflict(expected, current.revision, md5Of(current.value))) return { status: 'Conflict' };
    node.metadata = new Map([...node.metadata].filter(([other]) => other !== type));
    if (type >= firstUserNumber) this.#change('UpdatedMetadata', ref, now);
    return { status: 'Done', revision: current.revision };
  }

  setAttachment(ref: ResourceRef, attachment: Omit<AttachmentInfo, 'revision'>, now: string): RevisionOutcome {
    const node = this.#at(ref);
    if (!node) return { status: 'Missing' };
    const current = node.attachments.get(attachment.type);
    if (current) this.removed.add(current.uuid);
    const revision = current ? current.revision + 1 : 0;
    node.attachments = new Map([...node.attachments, [attachment.type, { ...attachment, revision }]]);
    if (attachment.type >= firstUserNumber) this.#change('UpdatedAttachment', ref, now);
    return { status: 'Done', revision };
  }

  deleteAttachment(ref: ResourceRef, type: number, now: string): RevisionOutcome {
    const node = this.#at(ref);
    const current = node?.attachments.get(type);
    if (!node || !current) return { status: 'Missing' };
    this.removed.add(current.uuid);
    node.attachments = new Map([...node.attachments].filter(([other]) => other !== type));
    if (type >= firstUserNumber) this.#change('UpdatedAttachment', ref, now);
    return { status: 'Done', revision: current.revision };
  }

  label(ref: ResourceRef, label: string, isOn: boolean): boolean {
    const node = this.#at(ref);
    if (!node) return false;
    node.labels = new Set([...node.labels].filter((other) => other !== label));
    if (isOn) node.labels.add(label);
    return true;
  }
}

function refOf({ level, id }: Node): ResourceRef {
  return { level, id };
}

function systemMetadata(values: MetadataValues): Map<number, { value: string; revision: number }> {
  return new Map(Object.entries(values).map(([type, value]) => [Number(type), { value, revision: 0 }]));
}

export function md5Of(value: string): string {
  return createHash('md5').update(value).digest('hex');
}

function isConflict(expected: ExpectedRevision | undefined, revision: number, md5: string): boolean {
  if (!expected) return false;
  return expected.revision !== revision || (expected.md5 !== undefined && expected.md5 !== md5);
}

function numberOf(text: string, as: 'integer' | 'float'): number {
  const number = as === 'integer' ? Number.parseInt(text, 10) : Number.parseFloat(text);
  return Number.isNaN(number) ? 0 : number;
}

function hasLabels(node: Node, wanted: IndexQuery['labels']): boolean {
  if (!wanted) return true;
  const has = (label: string): boolean => node.labels.has(label);
  if (wanted.constraint === 'None') {
    return wanted.labels.length === 0 ? node.labels.size === 0 : !wanted.labels.some(has);
  }
  if (wanted.labels.length === 0) return true;
  return wanted.constraint === 'All' ? wanted.labels.every(has) : wanted.labels.some(has);
}

function isMatch(stored: string | undefined, match: Match, caseSensitive: boolean): boolean {
  if (stored === undefined) return false;
  const fold = caseSensitive ? (text: string) => text : foldCase;
  const value = fold(stored);
  switch (match.kind) {
    case 'equal':
      return value === fold(match.value);
    case 'list':
      return match.values.map(fold).some((wanted) => value === wanted || value.split('\\').includes(wanted));
    case 'wildcard':
      return matchesWildcard(fold(match.pattern), value);
    case 'range':
      return (
        (match.from === undefined || value >= fold(match.from)) && (match.to === undefined || value <= fold(match.to))
      );
  }
}
