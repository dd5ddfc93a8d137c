// A deletion is acknowledged when it is durable, and only of what was named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Level, type OrthancId, resourceIds } from '../../model/index.ts';
import type { Resource } from '../../ports/index.ts';
import { type DeletionDependencies, deleteResource, deleteResources } from './deletion.ts';

const ids = resourceIds({ patientId: 'p', studyInstanceUid: '1', seriesInstanceUid: '2', sopInstanceUid: '3' });
const stored: ReadonlyMap<OrthancId, Level> = new Map([
  [ids.study, 'Study'],
  [ids.series, 'Series'],
]);

const resource = (id: OrthancId, level: Level): Resource => ({
  level,
  id,
  parent: undefined,
  isStable: true,
  isProtected: false,
  tags: {},
  ancestors: {},
  children: [],
  metadata: [],
  labels: [],
  attachments: [],
});

function recorded(): { readonly steps: string[]; readonly deps: DeletionDependencies } {
  const steps: string[] = [];
  return {
    steps,
    deps: {
      clock: { now: () => new Date(0) },
      blobs: { yieldRoom: async () => false },
      index: {
        async get(id) {
          const level = stored.get(id);
          return level && resource(id, level);
        },
        async deleteResource({ level }, now) {
          steps.push(`${level} ${now}`);
          return { remaining: { level: 'Patient', id: ids.patient }, deleted: [] };
        },
        async sync() {
          steps.push('sync');
        },
      },
    },
  };
}

test('the remaining ancestor is told once the deletion is durable', async () => {
  const { deps, steps } = recorded();
  const deleted = await deleteResource(deps, { id: ids.study, level: 'Study' });
  assert.deepEqual(deleted?.remaining, { level: 'Patient', id: ids.patient });
  assert.deepEqual(steps, ['Study 19700101T000000', 'sync']);
});

test('nothing is deleted under another level or an unknown identifier', async () => {
  const { deps, steps } = recorded();
  assert.equal(await deleteResource(deps, { id: ids.study, level: 'Series' }), undefined);
  assert.equal(await deleteResource(deps, { id: ids.patient, level: 'Patient' }), undefined);
  assert.deepEqual(steps, []);
});

test('many are deleted with one sync; unknown ones are passed over', async () => {
  const { deps, steps } = recorded();
  await deleteResources(deps, [{ id: ids.study }, { id: ids.instance }, { id: ids.series, level: 'Series' }]);
  assert.deepEqual(steps, ['Study 19700101T000000', 'Series 19700101T000000', 'sync']);
});
