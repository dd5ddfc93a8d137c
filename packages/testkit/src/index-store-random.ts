// Random histories of an index, run on an implementation and on the model: after every step both must tell the same.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Level, levels, type OrthancId } from '../../server/src/model/index.ts';
import type {
  IndexQuery,
  IndexStore,
  Match,
  Resource,
  ResourceRef,
  StorageLimits,
} from '../../server/src/ports/index.ts';
import { ModelIndex } from './index-store-model.ts';
import { attachmentOf, newInstance } from './new-instance.ts';

const small = fc.integer({ min: 1, max: 2 });
const word = fc.constantFrom(
  '',
  'a',
  'A',
  'Anna',
  'ANNA^B',
  'smith',
  'Smith^Joe',
  'Müller',
  'MÜLLER',
  'x\\y',
  'X\\Z',
  '10',
  '9',
  'a_b',
  'a[b',
);
const pattern = fc.constantFrom('*', 'a*', 'A*', '*n*', 'S?ith*', '*ü*', '?', 'a[b', '*[b', '*^*', '**');
const seconds = fc.integer({ min: 10, max: 59 });
const dateAt = (second: number): string => `20260101T1200${second}`;

const match: fc.Arbitrary<Match> = fc.oneof(
  word.map((value): Match => ({ kind: 'equal', value })),
  fc.array(word, { minLength: 1, maxLength: 3 }).map((values): Match => ({ kind: 'list', values })),
  pattern.map((text): Match => ({ kind: 'wildcard', pattern: text })),
  fc
    .record({ from: fc.option(word, { nil: undefined }), to: fc.option(word, { nil: undefined }) })
    .map((ends): Match => ({ kind: 'range', ...ends })),
);

const level: fc.Arbitrary<Level> = fc.constantFrom(...levels);
/** Tags with an index and without one, of every level. */
const tag = fc.constantFrom<[Level, number]>(
  ['Patient', 0x00100010],
  ['Patient', 0x00100040],
  ['Study', 0x00081030],
  ['Study', 0x00080080],
  ['Series', 0x00080060],
  ['Instance', 0x00204000],
);
const user = 1024;

interface Place {
  readonly patient: number;
  readonly study: number;
  readonly series: number;
  readonly instance: number;
}

const place: fc.Arbitrary<Place> = fc.record({
  patient: fc.integer({ min: 1, max: 3 }),
  study: small,
  series: small,
  instance: fc.integer({ min: 1, max: 3 }),
});

function refAt(at: Place, of: Level): ResourceRef {
  const { ids } = newInstance(at);
  const id = { Patient: ids.patient, Study: ids.study, Series: ids.series, Instance: ids.instance }[of];
  return { level: of, id };
}

const limits: fc.Arbitrary<StorageLimits> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<StorageLimits>({ maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      maximumBytes: fc.constantFrom(0, 2_500, 5_000),
      maximumPatients: fc.constantFrom(0, 1, 2),
      mode: fc.constantFrom('Recycle', 'Reject'),
    }),
  },
);

const query: fc.Arbitrary<IndexQuery> = fc
  .record({
    level,
    terms: fc.array(fc.record({ of: tag, match, caseSensitive: fc.boolean() }), { maxLength: 2 }),
    metadata: fc.array(fc.record({ type: fc.constantFrom(1, 3, 7, 9, 18, user), match, caseSensitive: fc.boolean() }), {
      maxLength: 1,
    }),
    labels: fc.option(
      fc.record({
        constraint: fc.constantFrom('All', 'Any', 'None'),
        labels: fc.uniqueArray(fc.constantFrom('l1', 'l2'), { maxLength: 2 }),
      }),
      { nil: undefined },
    ),
    within: fc.option(fc.record({ at: place, of: level }), { nil: undefined, freq: 3 }),
    order: fc.option(
      fc.record({ of: tag, as: fc.constantFrom('text', 'integer', 'float'), descending: fc.boolean() }),
      { nil: undefined },
    ),
    since: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    limit: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  })
  .map(({ terms, within, order, ...rest }) => ({
    ...rest,
    terms: terms.map(({ of: [at, number], ...term }) => ({ ...term, level: at, tag: number })),
    within: within && refAt(within.at, within.of).id,
    // An order by what is below has several values to choose from: only from the own level up is it defined.
    orderBy:
      order && levels.indexOf(order.of[0]) <= levels.indexOf(rest.level)
        ? [{ key: { level: order.of[0], tag: order.of[1] }, as: order.as, descending: order.descending }]
        : undefined,
  }));

const texts = fc.record({
  name: word,
  sex: word,
  description: word,
  institution: word,
  modality: word,
  comments: word,
});

const addition = fc
  .record({
    at: place,
    second: seconds,
    overwrite: fc.constantFrom('Never', 'Always', 'IfChanged'),
    content: fc.constantFrom(undefined, 'other'),
    texts,
    extra: fc.boolean(),
    expected: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ at, second, overwrite, content, texts: t, extra, expected }) => {
    const made = newInstance({
      ...at,
      receivedAt: dateAt(second),
      overwrite,
      content: content && `${content} ${JSON.stringify(at)}`,
      tags: {
        Patient: { '0010,0010': t.name, '0010,0040': t.sex },
        Study: { '0008,1030': t.description, '0008,0080': t.institution },
        Series: { '0008,0060': t.modality },
        Instance: { '0020,4000': t.comments },
      },
      metadata: expected === undefined ? {} : { Series: { 4: String(expected) } },
    });
    const more = attachmentOf(3, `header of ${JSON.stringify(at)} ${content}`, 100);
    return extra ? { ...made, attachments: [...made.attachments, more] } : made;
  });

type Step = (store: IndexStore, model: ModelIndex) => Promise<void>;

function same(actual: unknown, expected: unknown, message?: string): void {
  assert.deepStrictEqual(actual, expected, message);
}

const now = '20260101T130000';

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.array(addition, { minLength: 1, maxLength: 4 }), limits).map(
      ([batch, most]): Step =>
        async (store, model) => {
          const real = await store.addInstances(batch, most);
          const expected = model.addInstances(batch, most);
          same({ ...real, removed: sortedRefs(real.removed) }, { ...expected, removed: sortedRefs(expected.removed) });
        },
    ),
  },
  fc.tuple(place, level).map(
    ([at, of]): Step =>
      async (store, model) => {
        const [real, expected] = [
          await store.deleteResource(refAt(at, of), now),
          model.deleteResource(refAt(at, of), now),
        ];
        same(real?.remaining, expected?.remaining);
        same(sortedRefs(real?.deleted), sortedRefs(expected?.deleted));
      },
  ),
  fc.tuple(place, level, texts).map(
    ([at, of, t]): Step =>
      async (store, model) => {
        const tags = {
          '0010,0010': t.name,
          '0008,1030': t.description,
          '0008,0060': t.modality,
          '0020,4000': t.comments,
        };
        same(
          await store.replaceTags(refAt(at, of), tags, { 3: 'X' }),
          model.replaceTags(refAt(at, of), tags, { 3: 'X' }),
        );
      },
  ),
  fc.tuple(place, fc.boolean()).map(
    ([at, isOn]): Step =>
      async (store, model) => {
        const { id } = refAt(at, 'Patient');
        same(await store.setProtected(id, isOn), model.setProtected(id, isOn));
      },
  ),
  seconds.map(
    (second): Step =>
      async (store, model) => {
        same(await store.stabilise(dateAt(second), now, 1_000), model.stabilise(dateAt(second), now));
      },
  ),
  fc.tuple(place, level, fc.constantFrom(1, 3, 5, user), word, fc.constantFrom(undefined, 0, 1)).map(
    ([at, of, type, value, revision]): Step =>
      async (store, model) => {
        const expected = revision === undefined ? undefined : { revision };
        const args = [refAt(at, of), type, value, now, expected] as const;
        same(await store.setMetadata(...args), model.setMetadata(...args));
      },
  ),
  fc.tuple(place, level, fc.constantFrom(1, 3, 5, user)).map(
    ([at, of, type]): Step =>
      async (store, model) => {
        const args = [refAt(at, of), type, now] as const;
        same(await store.deleteMetadata(...args), model.deleteMetadata(...args));
      },
  ),
  fc.tuple(place, level, fc.constantFrom(1, 3, user), fc.nat({ max: 5 })).map(
    ([at, of, type, version]): Step =>
      async (store, model) => {
        const { revision: _, ...attachment } = attachmentOf(
          type,
          `version ${version} ${of} ${JSON.stringify(at)}`,
          50 + version,
        );
        const args = [refAt(at, of), attachment, now] as const;
        same(await store.setAttachment(...args), model.setAttachment(...args));
      },
  ),
  fc.tuple(place, level, fc.constantFrom(1, 3, user)).map(
    ([at, of, type]): Step =>
      async (store, model) => {
        const args = [refAt(at, of), type, now] as const;
        same(await store.deleteAttachment(...args), model.deleteAttachment(...args));
      },
  ),
  fc.tuple(place, level, fc.constantFrom('l1', 'l2'), fc.boolean()).map(
    ([at, of, label, isOn]): Step =>
      async (store, model) => {
        const real = isOn ? store.addLabel(refAt(at, of), label) : store.removeLabel(refAt(at, of), label);
        same(await real, model.label(refAt(at, of), label, isOn));
      },
  ),
);

function sortedRefs(refs: readonly ResourceRef[] | undefined): string[] | undefined {
  return refs?.map(({ level: at, id }) => `${at} ${id}`).sort();
}

const everything = { tags: true, ancestors: true, children: true, metadata: true, labels: true, attachments: true };

async function found(store: IndexStore, wanted: IndexQuery): Promise<Resource[]> {
  const all: Resource[] = [];
  for await (const batch of store.find(wanted, everything)) all.push(...batch);
  return all;
}

async function compareAll(store: IndexStore, model: ModelIndex): Promise<void> {
  for (const of of levels) {
    const expected = model.search({ level: of });
    same(await found(store, { level: of }), resourcesOf(model, expected));
  }
  for (const node of model.nodes) {
    const below = model.below(node);
    const counts = await store.counts(node.id);
    same(counts, countsOf(below));
    same((await store.diskUsage(node.id)).diskSize, sizeOf(below));
  }
  same(await store.counts(), countsOf(model.nodes));
  same((await store.diskUsage()).diskSize, sizeOf(model.nodes));
  same(await store.changes({ limit: 10_000 }), { changes: model.log, done: true });
  same(await store.lastChange(), model.log.at(-1));
  same(await store.lastSeq(), model.seq);
  same([...(await store.removedBlobs(10_000))].sort(), [...model.removed].sort());
}

function resourcesOf(model: ModelIndex, ids: readonly OrthancId[]): Resource[] {
  return ids.flatMap((id) => model.find(id) ?? []).map((node) => model.resource(node));
}

type Nodes = readonly {
  readonly level: Level;
  readonly attachments: ReadonlyMap<number, { readonly compressedSize: number }>;
}[];

function countsOf(nodes: Nodes): Readonly<Record<string, number>> {
  const of = (at: Level): number => nodes.filter((node) => node.level === at).length;
  return { patients: of('Patient'), studies: of('Study'), series: of('Series'), instances: of('Instance') };
}

function sizeOf(nodes: Nodes): number {
  return nodes.flatMap((node) => [...node.attachments.values()]).reduce((sum, a) => sum + a.compressedSize, 0);
}

/** @throws AssertionError with the shortest history found on which store and model differ */
export async function compareWithModel(open: () => Promise<IndexStore>, runs: number): Promise<void> {
  const history = fc.record({ steps: fc.array(step, { maxLength: 25 }), queries: fc.array(query, { maxLength: 12 }) });
  const property = fc.asyncProperty(history, async ({ steps, queries }) => {
    const [store, model] = [await open(), new ModelIndex()];
    try {
      for (const run of steps) await run(store, model);
      await compareAll(store, model);
      for (const wanted of queries) {
        same(await found(store, wanted), resourcesOf(model, model.search(wanted)), JSON.stringify(wanted));
        const all = { ...wanted, since: undefined, limit: undefined };
        same(await store.count(wanted), model.search(all).length, JSON.stringify(wanted));
      }
    } finally {
      await store.close();
    }
  });
  await fc.assert(property, { numRuns: runs });
}
