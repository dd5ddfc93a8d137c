// What every IndexStore must do (ports/index-store.ts). Each implementation runs this suite from a test file of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata, type OrthancId } from '../../server/src/model/index.ts';
import type { IndexQuery, IndexStore, NewInstance, StorageLimits, TagTerm } from '../../server/src/ports/index.ts';
import { compareWithModel } from './index-store-random.ts';
import { attachmentOf, newInstance } from './new-instance.ts';

const noLimits: StorageLimits = { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' };
const now = '20260101T130000';
const randomHistories = 60;

async function idsOf(store: IndexStore, query: IndexQuery): Promise<OrthancId[]> {
  const ids: OrthancId[] = [];
  for await (const batch of store.find(query, {})) ids.push(...batch.map(({ id }) => id));
  return ids;
}

/** @param open gives an empty store, which the suite closes */
export function indexStoreContract(name: string, open: () => Promise<IndexStore>): void {
  const on = (title: string, body: (store: IndexStore) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  };
  const add = (store: IndexStore, ...batch: NewInstance[]) => store.addInstances(batch, noLimits);

  on('a first instance makes all levels and tells so from the instance up', async (store) => {
    const added = newInstance();
    const { outcomes } = await add(store, added);
    const created = ['Patient', 'Study', 'Series', 'Instance'];
    assert.deepEqual(outcomes, [{ status: 'Stored', created, completedSeries: false }]);
    const { changes } = await store.changes({ limit: 10 });
    assert.deepEqual(
      changes.map(({ seq, type }) => `${seq} ${type}`),
      ['1 NewInstance', '2 NewSeries', '3 NewStudy', '4 NewPatient'],
    );
    assert.deepEqual(changes[0], {
      seq: 1,
      type: 'NewInstance',
      level: 'Instance',
      id: added.ids.instance,
      date: added.receivedAt,
    });
  });

  on('an instance that exists stays, is replaced, or is replaced where its file differs', async (store) => {
    await add(store, newInstance());
    const [again, same, other] = (
      await add(
        store,
        newInstance(),
        newInstance({ overwrite: 'IfChanged' }),
        newInstance({ overwrite: 'IfChanged', content: 'other' }),
      )
    ).outcomes;
    assert.deepEqual([again?.status, same?.status, other?.status], ['AlreadyStored', 'AlreadyStored', 'Stored']);
    assert.equal(
      (await add(store, newInstance({ overwrite: 'Always', content: 'other' }))).outcomes[0]?.status,
      'Stored',
    );
    assert.equal((await store.counts()).instances, 1);
    assert.equal((await store.removedBlobs(10)).length, 2);
  });

  on('a series is completed by the instance that makes its indices 1 to the expected number', async (store) => {
    const metadata = { Series: { [Metadata.ExpectedNumberOfInstances]: '2' } };
    const outcomes = [];
    for (const instance of [1, 3]) outcomes.push(...(await add(store, newInstance({ instance, metadata }))).outcomes);
    await store.deleteResource({ level: 'Instance', id: newInstance({ instance: 3 }).ids.instance }, now);
    for (const instance of [2]) outcomes.push(...(await add(store, newInstance({ instance, metadata }))).outcomes);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'Stored' && outcome.completedSeries),
      [false, false, true],
    );
    assert.equal((await store.lastChange())?.type, 'CompletedSeries');
  });

  on('the patient touched longest ago makes room, protected ones and the own one never', async (store) => {
    const patients = [1, 2, 3].map((patient) => newInstance({ patient }));
    await add(store, ...patients);
    await add(store, newInstance({ patient: 1, instance: 2 }));
    const [first, second, third] = patients.map(({ ids }) => ids.patient);
    assert.ok(first && second && third);
    await store.setProtected(second, true);
    const limits: StorageLimits = { maximumBytes: 0, maximumPatients: 3, mode: 'Recycle' };
    assert.deepEqual((await store.addInstances([newInstance({ patient: 4 })], limits)).recycled, [third]);
    const bytes: StorageLimits = { maximumBytes: 4_000, maximumPatients: 0, mode: 'Recycle' };
    assert.deepEqual((await store.addInstances([newInstance({ patient: 5 })], bytes)).recycled, [first]);
  });

  on('where nothing may be recycled the instance is refused and nothing is lost', async (store) => {
    await add(store, newInstance({ patient: 1 }), newInstance({ patient: 2 }));
    await store.setProtected(newInstance({ patient: 2 }).ids.patient, true);
    const tight: StorageLimits = { maximumBytes: 1_500, maximumPatients: 0, mode: 'Recycle' };
    const { outcomes, recycled } = await store.addInstances([newInstance({ patient: 3 })], tight);
    assert.deepEqual([outcomes, recycled], [[{ status: 'Full' }], []]);
    const reject: StorageLimits = { maximumBytes: 0, maximumPatients: 2, mode: 'Reject' };
    assert.deepEqual((await store.addInstances([newInstance({ patient: 3 })], reject)).outcomes, [{ status: 'Full' }]);
    assert.equal((await store.addInstances([newInstance({ instance: 2 })], reject)).outcomes[0]?.status, 'Stored');
    assert.equal((await store.counts()).patients, 2);
    assert.deepEqual(await store.removedBlobs(10), []);
  });

  on('deleting takes what is below and ancestors left empty, and tells what remains', async (store) => {
    const [one, two] = [newInstance({ series: 1 }), newInstance({ series: 2 })];
    await add(store, one, two);
    const series = await store.deleteResource({ level: 'Series', id: one.ids.series }, now);
    assert.deepEqual(series?.remaining, { level: 'Study', id: one.ids.study });
    assert.equal((await store.get(one.ids.study, { metadata: true }))?.metadata[0]?.value, now);
    const last = await store.deleteResource({ level: 'Instance', id: two.ids.instance }, now);
    assert.equal(last?.remaining, undefined);
    assert.deepEqual(
      last?.deleted.map(({ level }) => level),
      ['Patient', 'Study', 'Series', 'Instance'],
    );
    assert.deepEqual(await store.changes({ limit: 10 }), { changes: [], done: true });
    assert.equal(await store.deleteResource({ level: 'Patient', id: one.ids.patient }, now), undefined);
    assert.equal(await store.lastSeq(), 6);
  });

  on('a level and an id that do not belong together name nothing', async (store) => {
    const { ids } = newInstance();
    await add(store, newInstance());
    const wrong = { level: 'Study', id: ids.series } as const;
    assert.equal(await store.deleteResource(wrong, now), undefined);
    assert.equal(await store.addLabel(wrong, 'label'), false);
    assert.deepEqual(await store.setMetadata(wrong, 1024, 'x', now), { status: 'Missing' });
    assert.equal(await store.setProtected(ids.study, true), false);
  });

  on('large answers come in batches of at most 500, in order, others in between', async (store) => {
    const batch = Array.from({ length: 1_300 }, (_, n) =>
      newInstance({ instance: n + 1, tags: { Instance: { '0020,4000': n % 2 ? 'odd' : 'even' } } }),
    );
    await add(store, ...batch);
    const sizes: number[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    for await (const found of store.find({ level: 'Instance' }, {})) {
      sizes.push(found.length);
      await new Promise(setImmediate);
    }
    clearInterval(timer);
    assert.ok(sizes.every((size) => size <= 500) && turns > 0);
    const ids = batch.map((added) => added.ids.instance);
    assert.deepEqual(await idsOf(store, { level: 'Instance' }), ids);
    assert.deepEqual(await idsOf(store, { level: 'Instance', since: 600, limit: 550 }), ids.slice(600, 1_150));
    const odd: TagTerm = {
      tag: 0x00204000,
      level: 'Instance',
      match: { kind: 'equal', value: 'ODD' },
      caseSensitive: false,
    };
    const query: IndexQuery = { level: 'Instance', terms: [odd], since: 10, limit: 600 };
    assert.deepEqual(await idsOf(store, query), ids.filter((_, n) => n % 2).slice(10, 610));
    assert.equal(await store.count(query), 650);
  });

  on('an answer goes on while resources come and go', async (store) => {
    await add(
      store,
      ...Array.from({ length: 1_200 }, (_, n) => newInstance({ patient: 1 + (n >> 8), instance: n + 1 })),
    );
    let seen = 0;
    for await (const batch of store.find({ level: 'Instance' }, { tags: true })) {
      if (seen === 0)
        await store.deleteResource({ level: 'Patient', id: newInstance({ patient: 5 }).ids.patient }, now);
      seen += batch.length;
    }
    assert.equal(seen, 1_024);
  });

  on('a look-up finds identifiers of all levels, without regard to case', async (store) => {
    const { ids } = newInstance();
    await add(store, newInstance(), newInstance({ patient: 2, tags: { Study: { '0020,000d': 'p1' } } }));
    assert.deepEqual(await store.lookup(' p1 '), [
      { level: 'Patient', id: ids.patient },
      { level: 'Study', id: newInstance({ patient: 2 }).ids.study },
    ]);
    assert.deepEqual(await store.lookup('1.2.1.1.1.1'), [{ level: 'Instance', id: ids.instance }]);
    assert.deepEqual(await store.lookup('nobody'), []);
  });

  on('values below a resource are distinct and sorted', async (store) => {
    const series = (number: number, modality: string) =>
      newInstance({ series: number, tags: { Series: { '0008,0060': modality } } });
    await add(store, series(1, 'PT'), series(2, 'CT'), series(3, 'CT'));
    const { study } = newInstance().ids;
    assert.deepEqual(await store.valuesBelow(study, 'Series', { tag: 0x00080060 }), ['CT', 'PT']);
    assert.deepEqual(await store.valuesBelow(study, 'Instance', { metadata: Metadata.TransferSyntax }), [
      '1.2.840.10008.1.2.1',
    ]);
    assert.deepEqual(await store.valuesBelow(study, 'Patient', { tag: 0x00100020 }), []);
  });

  on('values below several resources are those below each', async (store) => {
    const series = (patient: number, number: number, modality: string) =>
      newInstance({ patient, series: number, tags: { Series: { '0008,0060': modality } } });
    await add(store, series(1, 1, 'PT'), series(1, 2, 'CT'), series(1, 3, 'CT'), series(2, 1, 'MR'));
    const [first, second, missing] = [1, 2, 3].map((patient) => newInstance({ patient }).ids);
    assert.ok(first && second && missing);
    const modality = { tag: 0x00080060 };
    assert.deepEqual(
      await store.valuesBelowEach([second.study, first.study, missing.study], 'Series', modality),
      new Map([
        [second.study, ['MR']],
        [first.study, ['CT', 'PT']],
        [missing.study, []],
      ]),
    );
    const byPatient = await store.valuesBelowEach([first.patient, second.patient], 'Series', modality);
    assert.deepEqual([...byPatient.values()], [['CT', 'PT'], ['MR']]);
    const syntax = await store.valuesBelowEach([first.study], 'Instance', { metadata: Metadata.TransferSyntax });
    assert.deepEqual(syntax.get(first.study), ['1.2.840.10008.1.2.1']);
    assert.deepEqual([...(await store.valuesBelowEach([first.series], 'Study', modality)).values()], [[]]);
    // What is kept of where a resource is does not outlive it.
    for await (const _ of store.find({ level: 'Study' }, {}));
    await store.deleteResource({ level: 'Study', id: second.study }, now);
    await add(store, series(4, 1, 'US'));
    const after = await store.valuesBelowEach(
      [second.study, newInstance({ patient: 4 }).ids.study],
      'Series',
      modality,
    );
    assert.deepEqual([...after.values()], [[], ['US']]);
  });

  on(
    'several resources are fetched at once, whatever their levels, without those that are not there',
    async (store) => {
      await add(store, newInstance(), newInstance({ instance: 2 }));
      const [one, other, missing] = [1, 2, 3].map((instance) => newInstance({ instance }).ids);
      assert.ok(one && other && missing);
      const wanted = [other.instance, missing.instance, one.series, one.instance];
      const found = await store.getAll(wanted, { tags: true, metadata: true, attachments: true });
      assert.deepEqual([...found.keys()].sort(), [other.instance, one.series, one.instance].sort());
      for (const [id, resource] of found) {
        assert.deepEqual(resource, await store.get(id, { tags: true, metadata: true, attachments: true }));
      }
    },
  );

  on('metadata counts revisions and refuses a change of what the client has not seen', async (store) => {
    await add(store, newInstance());
    const ref = { level: 'Series', id: newInstance().ids.series } as const;
    const set = (value: string, expected?: { revision: number | undefined; md5?: string }) =>
      store.setMetadata(ref, 1024, value, now, expected);
    assert.deepEqual(await set('a', { revision: undefined }), { status: 'Done', revision: 0 });
    assert.deepEqual(await set('b', { revision: undefined }), { status: 'Conflict' });
    assert.deepEqual(await set('b', { revision: 1 }), { status: 'Conflict' });
    assert.deepEqual(await set('b', { revision: 0, md5: '0cc175b9c0f1b6a831c399e269772661' }), {
      status: 'Done',
      revision: 1,
    });
    assert.deepEqual(await set('c', { revision: 1, md5: '0cc175b9c0f1b6a831c399e269772661' }), { status: 'Conflict' });
    assert.deepEqual(await store.deleteMetadata(ref, 1024, now, { revision: 0 }), { status: 'Conflict' });
    assert.deepEqual(await store.deleteMetadata(ref, 1024, now, { revision: 1 }), { status: 'Done', revision: 1 });
    assert.deepEqual(await store.deleteMetadata(ref, 1024, now), { status: 'Missing' });
    assert.equal((await store.lastChange())?.type, 'UpdatedMetadata');
  });

  on('of a file only the CRC-32 may be known, until somebody brings its MD5', async (store) => {
    const known = attachmentOf(1, 'a file');
    const file = { ...known, uncompressedMd5: undefined, compressedMd5: undefined, crc32: 0x00c0ffee };
    const added = newInstance({ attachments: [file] });
    await add(store, added);
    const stored = async () => (await store.get(added.ids.instance, { attachments: true }))?.attachments;
    assert.deepEqual(await stored(), [file]);
    const ref = { level: 'Instance', id: added.ids.instance } as const;
    const expected = { revision: 0, md5: known.uncompressedMd5, crc32: file.crc32 };
    const again = {
      ...attachmentOf(1, 'a file again'),
      uncompressedMd5: undefined,
      compressedMd5: undefined,
      crc32: 7,
    };
    assert.deepEqual(await store.setAttachment(ref, again, now, { ...expected, crc32: 1 }), { status: 'Conflict' });
    await store.setMd5(file.uuid, known.uncompressedMd5);
    assert.deepEqual(await stored(), [known]);
    assert.deepEqual(await store.setAttachment(ref, again, now, expected), { status: 'Done', revision: 1 });
    const next = { ...expected, revision: 1, crc32: 7 };
    assert.deepEqual(await store.setAttachment(ref, file, now, next), { status: 'Done', revision: 2 });
    await store.setMd5(attachmentOf(1, 'a file that is gone').uuid, known.uncompressedMd5);
  });

  on('attachments are replaced and removed, their blobs listed until they are forgotten', async (store) => {
    await add(store, newInstance());
    const ref = { level: 'Instance', id: newInstance().ids.instance } as const;
    const [file, one, two] = [attachmentOf(1, 'new file'), attachmentOf(1024, 'one'), attachmentOf(1024, 'two', 20)];
    assert.deepEqual(await store.setAttachment(ref, file, now, { revision: 0 }), { status: 'Done', revision: 1 });
    assert.deepEqual(await store.setAttachment(ref, one, now), { status: 'Done', revision: 0 });
    assert.deepEqual(await store.setAttachment(ref, two, now, { revision: 3 }), { status: 'Conflict' });
    assert.deepEqual(await store.setAttachment(ref, two, now, { revision: 0, md5: one.uncompressedMd5 }), {
      status: 'Done',
      revision: 1,
    });
    assert.deepEqual((await store.get(ref.id, { attachments: true }))?.attachments, [
      { ...file, revision: 1 },
      { ...two, revision: 1 },
    ]);
    const usage = { diskSize: 1_020, uncompressedSize: 1_020, dicomDiskSize: 1_000, dicomUncompressedSize: 1_000 };
    assert.deepEqual([await store.diskUsage(), await store.diskUsage(ref.id)], [usage, usage]);
    const old = newInstance().attachments[0]?.uuid ?? '';
    assert.deepEqual(await store.blobsWithRow([file.uuid, one.uuid, two.uuid, old]), new Set([file.uuid, two.uuid]));
    assert.equal(await store.deleteAttachmentsOfType(1024), 1);
    assert.deepEqual([...(await store.removedBlobs(10))].sort(), [old, one.uuid, two.uuid].sort());
    await store.forgetRemovedBlobs([old, one.uuid]);
    assert.deepEqual(await store.removedBlobs(10), [two.uuid]);
  });

  on('blobs that were moved are found under their new keys alone', async (store) => {
    const added = newInstance();
    await add(store, added);
    const ref = { level: 'Series', id: added.ids.series } as const;
    await store.setAttachment(ref, attachmentOf(1024, 'more'), now);
    const keys = async (id: OrthancId) =>
      (await store.get(id, { attachments: true }))?.attachments.map(({ uuid }) => uuid) ?? [];
    const old = [...(await keys(added.ids.instance)), ...(await keys(ref.id))];
    const fresh = ['00000001-0000-8000-8000-000000000001', '00000001-0000-8000-8000-000000000002'];
    const moves = new Map([
      ...old.map((key, n) => [key, fresh[n] ?? ''] as const),
      ['of no row', 'to nothing'] as const,
    ]);
    assert.deepEqual(await store.moveBlobs(moves), new Set(old));
    assert.deepEqual([...(await keys(added.ids.instance)), ...(await keys(ref.id))], fresh);
    assert.deepEqual(await store.blobsWithRow([...old, ...fresh]), new Set(fresh));
    const keyOf = (pack: number) => `0000000${pack}-0000-8000-8000-000000000000`;
    const between = (from: number, before: number) => store.lastBlobBetween(keyOf(from), keyOf(before));
    const count = (from: number, before: number) => store.countBlobsBetween(keyOf(from), keyOf(before));
    assert.deepEqual(
      [await between(0, 1), await between(1, 2), await between(2, 3)],
      [undefined, fresh.at(-1), undefined],
    );
    assert.equal(await store.lastBlobBetween(fresh[0] ?? '', fresh[1] ?? ''), fresh[0]);
    assert.deepEqual([await count(0, 1), await count(1, 2), await count(2, 3)], [0, 2, 0]);
    const holders = await Promise.all([...fresh, keyOf(1)].map((key) => store.resourceOfBlob(key)));
    assert.deepEqual(holders, [{ level: 'Instance', id: added.ids.instance }, ref, undefined]);
    assert.deepEqual(await store.removedBlobs(10), []);
  });

  on('labels are listed once, sorted, while something has them', async (store) => {
    await add(store, newInstance(), newInstance({ patient: 2 }));
    const [one, two] = [1, 2].map(
      (patient) => ({ level: 'Patient', id: newInstance({ patient }).ids.patient }) as const,
    );
    assert.ok(one && two);
    for (const label of ['b', 'a', 'b']) await store.addLabel(one, label);
    await store.addLabel(two, 'b');
    await store.addLabel(two, 'c');
    assert.deepEqual(await store.allLabels(), ['a', 'b', 'c']);
    await store.deleteResource(two, now);
    assert.deepEqual(await store.allLabels(), ['a', 'b']);
    assert.deepEqual((await store.get(one.id, { labels: true }))?.labels, ['a', 'b']);
  });

  on('changes come by page from either end, by type, and are never numbered twice', async (store) => {
    await add(store, newInstance(), newInstance({ series: 2 }), newInstance({ series: 2, instance: 2 }));
    await store.stabilise('20270101T000000', now, 100);
    const seqs = async (query: Parameters<IndexStore['changes']>[0]) => {
      const { changes, done } = await store.changes(query);
      return [changes.map(({ seq }) => seq), done];
    };
    assert.deepEqual(await seqs({ limit: 3 }), [[1, 2, 3], false]);
    assert.deepEqual(await seqs({ since: 9, limit: 3 }), [[10, 11], true]);
    assert.deepEqual(await seqs({ to: 6, limit: 2 }), [[5, 6], false]);
    assert.deepEqual(await seqs({ since: 4, to: 6, limit: 5 }), [[5, 6], true]);
    assert.deepEqual(await seqs({ types: ['NewSeries', 'StableStudy'], limit: 9 }), [[2, 6, 10], true]);
    await store.clearChanges();
    assert.deepEqual(
      [await seqs({ limit: 9 }), await store.lastChange(), await store.lastSeq()],
      [[[], true], undefined, 11],
    );
    await store.logChange({ level: 'Study', id: newInstance().ids.study }, 'ModifiedStudy', now);
    assert.equal((await store.lastChange())?.seq, 12);
  });

  on('the last change follows what is added, logged and deleted', async (store) => {
    const last = async () => {
      const change = await store.lastChange();
      assert.deepEqual(await store.lastChange(), change);
      return change && [change.seq, change.type];
    };
    assert.equal(await last(), undefined);
    await add(store, newInstance());
    assert.deepEqual(await last(), [4, 'NewPatient']);
    await store.logChange({ level: 'Study', id: newInstance().ids.study }, 'ModifiedStudy', now);
    assert.deepEqual(await last(), [5, 'ModifiedStudy']);
    await add(store, newInstance({ instance: 2 }));
    assert.deepEqual(await last(), [6, 'NewInstance']);
    await store.deleteResource({ level: 'Instance', id: newInstance({ instance: 2 }).ids.instance }, now);
    assert.deepEqual(await last(), [5, 'ModifiedStudy']);
  });

  on('a stable resource becomes unstable with its next instance', async (store) => {
    await add(store, newInstance({ receivedAt: '20260101T120000' }));
    assert.deepEqual(await store.stabilise('20260101T120000', now, 10), []);
    const stable = await store.stabilise('20260101T120001', now, 10);
    assert.deepEqual(
      stable.map(({ level }) => level),
      ['Series', 'Study', 'Patient'],
    );
    assert.equal((await store.get(newInstance().ids.study, {}))?.isStable, true);
    await add(store, newInstance({ instance: 2, receivedAt: '20260101T120000' }));
    assert.equal((await store.get(newInstance().ids.study, {}))?.isStable, false);
    assert.equal((await store.stabilise('20260101T120001', now, 2)).length, 2);
  });

  on('resources are declared stable and unstable at once', async (store) => {
    const { ids } = newInstance();
    await add(store, newInstance({ receivedAt: '20260101T120000' }));
    const set = async (id: OrthancId, isStable: boolean) => (await store.setStable(id, isStable, now))?.isChanged;
    const types = async () => (await store.changes({ limit: 9, types: ['StableStudy'] })).changes.length;
    assert.deepEqual([await set(ids.study, true), await set(ids.study, true), await types()], [true, false, 1]);
    assert.deepEqual(await store.setStable(ids.series, true, now), {
      resource: { level: 'Series', id: ids.series },
      isChanged: true,
    });
    assert.equal((await store.get(ids.study, {}))?.isStable, true);
    assert.deepEqual([await set(ids.study, false), await set(ids.study, false)], [true, false]);
    assert.equal((await store.get(ids.study, {}))?.isStable, false);
    assert.deepEqual(
      [await set(ids.instance, true), await set(newInstance({ study: 7 }).ids.study, true)],
      [undefined, undefined],
    );
  });

  on('what scripts keep is kept byte for byte, by store and key', async (store) => {
    const value = Buffer.from([0, 255, 65]);
    await store.setKeyValue('one', 'key', Buffer.from('before'));
    await store.setKeyValue('one', 'key', value);
    await store.setKeyValue('two', 'key', Buffer.alloc(0));
    const kept = async (name: string, key: string) => {
      const bytes = await store.keyValue(name, key);
      return bytes && Buffer.from(bytes).toString('hex');
    };
    assert.deepEqual(
      [await kept('one', 'key'), await kept('two', 'key'), await kept('one', 'other')],
      ['00ff41', '', undefined],
    );
    await store.deleteKeyValue('one', 'key');
    await store.deleteKeyValue('one', 'key');
    assert.deepEqual([await kept('one', 'key'), await kept('two', 'key')], [undefined, '']);
  });

  on('exports, properties and counters are kept', async (store) => {
    const { ids } = newInstance();
    const exported = {
      level: 'Study',
      id: ids.study,
      remoteModality: 'PACS',
      date: now,
      patientId: 'P1',
      studyInstanceUid: '1.2',
      seriesInstanceUid: '',
      sopInstanceUid: '',
    } as const;
    for (let n = 0; n < 3; n++) await store.logExport(exported);
    assert.deepEqual(await store.exports(1, 1), { exports: [{ ...exported, seq: 2 }], done: false });
    await store.clearExports();
    await store.logExport(exported);
    assert.deepEqual(await store.lastExport(), { ...exported, seq: 4 });
    await store.setProperty('name', 'value');
    assert.deepEqual([await store.property('name'), await store.property('other')], ['value', undefined]);
    assert.deepEqual([await store.nextNumber('name'), await store.nextNumber('name')], [1, 2]);
  });

  on('jobs come back as they were last saved, in the order of their submission', async (store) => {
    const saved = (id: string, state: string, request = `request of ${id}`) => ({ id, request, state });
    assert.deepEqual(await store.savedJobs(), []);
    for (const id of ['c', 'a', 'b']) await store.saveJob(saved(id, 'waiting'));
    await store.saveJob(saved('a', 'done', 'is not looked at'));
    assert.deepEqual(await store.savedJobs(), [saved('c', 'waiting'), saved('a', 'done'), saved('b', 'waiting')]);
    await store.removeJob('c');
    await store.removeJob('never saved');
    await store.saveJob(saved('c', 'again', 'another request'));
    assert.deepEqual(await store.savedJobs(), [
      saved('a', 'done'),
      saved('b', 'waiting'),
      saved('c', 'again', 'another request'),
    ]);
  });

  test(`${name}: random histories tell the same as the model`, () => compareWithModel(open, randomHistories));
}
