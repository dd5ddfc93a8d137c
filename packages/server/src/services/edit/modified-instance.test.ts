// Instances that a job has anonymized where they are, when it goes through them again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attachment, Metadata, type ResourceIds, resourceIds } from '../../model/index.ts';
import type { Resource } from '../../ports/index.ts';
import { type EditDependencies, storeModified } from './modified-instance.ts';

const ids: ResourceIds = resourceIds({
  patientId: 'P',
  studyInstanceUid: '1.2',
  seriesInstanceUid: '1.2.3',
  sopInstanceUid: '1.2.3.4',
});
const since = '20260101T120000';

function anonymizedAt(receptionDate: string): Resource {
  const entry = (type: number, value: string) => ({ type, value, revision: 0 });
  return {
    id: ids.instance,
    level: 'Instance',
    parent: ids.series,
    tags: {},
    children: [],
    labels: [],
    isStable: true,
    isProtected: false,
    ancestors: {
      Patient: { id: ids.patient, tags: {} },
      Study: { id: ids.study, tags: {} },
      Series: { id: ids.series, tags: {} },
    },
    metadata: [entry(Metadata.AnonymizedFrom, ids.instance), entry(Metadata.ReceptionDate, receptionDate)],
    attachments: [
      {
        uuid: 'a',
        type: Attachment.dicom,
        compression: 'none',
        uncompressedSize: 1,
        uncompressedMd5: '',
        compressedSize: 1,
        compressedMd5: '',
        revision: 0,
      },
    ],
  };
}

/** Resolves to the identifiers where the file was left alone; rejects with 'opened' where it is to be changed. */
function storeAgain(receptionDate: string): Promise<ResourceIds> {
  const opened = () => Promise.reject(new Error('opened'));
  const deps: EditDependencies = {
    index: {
      get: async () => anonymizedAt(receptionDate),
      addLabel: opened,
      removeLabel: opened,
    },
    reader: { open: opened },
    transcoder: { attachment: opened },
    ingest: {
      begin: () => {
        throw new Error('begun');
      },
    },
    settings: { OverwriteInstances: 'Always' },
  };
  return storeModified(
    deps,
    ids.instance,
    { apply: (dataSet) => dataSet, pixels: undefined },
    {
      isAnonymization: true,
      level: 'Study',
      keepsLabels: false,
      removesSource: false,
      since,
      origin: { origin: 'RestApi', remoteIp: undefined, httpUsername: undefined },
    },
  );
}

test('what the job has anonymized in place is not anonymized again', async () => {
  assert.deepEqual(await storeAgain('20260101T120001'), ids);
});

test('what was anonymized in place before the job began is', async () => {
  await assert.rejects(storeAgain('20251231T120000'), /opened/);
  await assert.rejects(storeAgain(since), /opened/);
});
