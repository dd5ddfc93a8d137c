// Identifiers of resources: those that Orthanc 1.10.1 gave to instances with these DICOM identifiers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceIds } from './orthanc-id.ts';

const first = {
  patientId: 'P 1',
  studyInstanceUid: '1.2.3',
  seriesInstanceUid: '1.2.3.4',
  sopInstanceUid: '1.2.3.4.5',
};

const known = [
  {
    of: first,
    ids: {
      patient: '98e7a078-cff070a8-63a99ef5-65688e35-998f73cb',
      study: '1321f0aa-457f4472-19aebdcd-6a7cc142-99ccb01e',
      series: '021ca454-9def1614-4083f975-4ec02595-ba9c9f95',
      instance: '8336b2c3-4191f00f-811238f0-6f9a3a6b-50648650',
    },
  },
  {
    of: { ...first, patientId: '', sopInstanceUid: '1.2.3.4.6' },
    ids: {
      patient: 'da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709',
      study: 'dee696c9-cdec6a00-0acf5cae-677e40cf-eba79dc5',
      series: '103b9c3b-45de3494-4a8e115a-2bd1a0e1-c1b67dcf',
      instance: 'e9df5c60-fa6e5cc8-94396787-b1e43665-46cafc20',
    },
  },
];

test('identifiers are those of Orthanc, however many others came between', () => {
  for (let round = 0; round < 3; round++) {
    for (const { of, ids } of known) assert.deepEqual(resourceIds(of), ids);
    for (let n = 0; n < 200; n++) resourceIds({ ...first, patientId: `other ${round} ${n}` });
  }
});

test('patient identifiers of all lengths have their own', () => {
  const patientIds = [255, 256, 257, 1_000].map((length) => 'x'.repeat(length));
  const idsOf = () => patientIds.map((patientId) => resourceIds({ ...first, patientId }).patient);
  assert.equal(new Set(idsOf()).size, 4);
  assert.deepEqual(idsOf(), idsOf());
});
