// DCMTK's findscu against the DICOM server over TCP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDataSet, encodePart10, Tag } from '@pharos/dicom';
import {
  createDicomServerFixture,
  type DicomServerFixtureOptions,
  dcmtkMissing,
  type IngestFixture,
  noMetrics,
  openIngest,
  runDcmtk,
} from '@pharos/testkit';
import { createInstanceReader } from '../services/read/index.ts';
import { createDicomServer } from './index.ts';

const skip = dcmtkMissing('findscu');
const instances = 40;

let store: IngestFixture;

before(async () => {
  store = await openIngest();
  for (let number = 1; number <= instances; number++) {
    const dataSet = createDataSet([
      { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
      { tag: Tag.SOPInstanceUID, value: `2.25.3.${number}` },
      { tag: Tag.PatientID, value: 'P1' },
      { tag: Tag.PatientName, value: 'Müller^Jörg' },
      { tag: Tag.StudyInstanceUID, value: '2.25.1' },
      { tag: Tag.SeriesInstanceUID, value: '2.25.2' },
      { tag: Tag.Modality, value: 'CT' },
      { tag: Tag.Rows, value: 512 },
      { tag: Tag.ReferencedStudySequence, value: [[{ tag: Tag.ReferencedSOPInstanceUID, value: '2.25.99' }]] },
    ]);
    await store.store(encodePart10({ dataSet, transferSyntax: '1.2.840.10008.1.2.1' }));
  }
});
after(() => store.discard());

interface Found {
  readonly output: string;
  /** Values of PatientName, one for each answer. */
  readonly names: readonly string[];
  readonly pending: number;
}

/** Runs findscu with the options, `-k` before each of the keys. */
async function find(
  options: readonly string[],
  keys: readonly string[],
  settings: DicomServerFixtureOptions['settings'] = {},
): Promise<Found> {
  const live = { fallbackCharset: () => 'ISO_IR 100' };
  const cache = { DicomParserCacheSize: 16, MaximumStorageCacheSize: 16 };
  const { index, blobs } = store;
  const reader = createInstanceReader({ index, blobs, live, settings: cache, metrics: noMetrics });
  const { services } = createDicomServerFixture({
    settings: { DicomAlwaysAllowFind: true, ...settings },
    query: { index, reader },
  });
  const server = createDicomServer(services, { port: 0, host: '127.0.0.1' });
  const { port } = await server.listen();
  const args = ['-v', ...options, ...keys.flatMap((key) => ['-k', key]), '127.0.0.1', String(port)];
  const { output } = await runDcmtk('findscu', args);
  await server.close();
  const answers = output.slice(output.indexOf('Find Response: 1'));
  return {
    output,
    names: Array.from(answers.matchAll(/\(0010,0010\) PN \[(.*?) *\]/g), (match) => match[1] ?? ''),
    pending: output.match(/Find Response: \d+ \(Pending\)/g)?.length ?? 0,
  };
}

test('findscu finds in both models and in each transfer syntax that it proposes', { skip }, async () => {
  for (const model of ['-P', '-S']) {
    for (const syntax of ['-x=', '-xe', '-xb', '-xi', '-xd']) {
      const keys = ['SpecificCharacterSet=ISO_IR 192', 'QueryRetrieveLevel=STUDY', 'PatientName=müller*', 'Rows'];
      const found = await find([model, syntax], keys);
      assert.deepEqual(found.names, ['Müller^Jörg'], found.output);
      assert.match(found.output, /\(0028,0010\) US 512/);
      assert.match(found.output, /Final Find Response \(Success\)/);
    }
  }
});

test('findscu gets sequences and counters', { skip }, async () => {
  const keys = ['QueryRetrieveLevel=SERIES', 'ReferencedStudySequence', 'NumberOfSeriesRelatedInstances'];
  const { output } = await find(['-S'], keys);
  assert.match(output, /\(0008,1155\) UI \[2\.25\.99.?\]/);
  assert.match(output, new RegExp(`\\(0020,1209\\) IS \\[${instances}\\]`));
});

test('findscu cancels in the middle', { skip }, async () => {
  const { output, pending } = await find(['-S', '--cancel', '2'], ['QueryRetrieveLevel=IMAGE', 'SOPInstanceUID']);
  assert.ok(pending <= instances);
  assert.match(output, /Final Find Response \((Cancel|Success)/);
});

test('findscu is told that the limit left answers out', { skip }, async () => {
  const keys = ['QueryRetrieveLevel=IMAGE', 'SOPInstanceUID'];
  const { output, pending } = await find(['-S'], keys, { LimitFindInstances: 7 });
  assert.equal(pending, 7);
  assert.match(output, /Final Find Response \(Cancel/);
});

test('findscu is told what is wrong with its keys', { skip }, async () => {
  const { output, pending } = await find(['-S', '-d'], ['QueryRetrieveLevel=STUDY', 'StudyDate=2*']);
  assert.equal(pending, 0);
  assert.match(output, /0xc000: Failed/);
  assert.match(output, /Wildcards are not allowed/);
});

test('findscu that may not query is aborted', { skip }, async () => {
  const { output } = await find(['-S'], ['QueryRetrieveLevel=STUDY'], { DicomAlwaysAllowFind: false });
  assert.match(output, /Abort/i);
});
