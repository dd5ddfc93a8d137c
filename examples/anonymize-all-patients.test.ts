// Anonymized copies of all patients.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instances, runToEnd, startFilled, testedServers } from './shared/example-fixture.ts';
import { expandedOf, tagText } from './shared/server.ts';

for (const { name, command, missing } of testedServers) {
  test(`every patient of ${name} gets one copy, also when it is run again`, { skip: missing }, async () => {
    await using server = await startFilled({ command }, [...instances(1, 1, 1, 3), ...instances(2, 1, 1, 1)]);
    const patientsOf = async () => expandedOf(await server.client.get('/patients', { query: { expand: true } }));
    const originals = await patientsOf();
    const first = await runToEnd('anonymize-all-patients', server.url);
    assert.equal(first.errors, '');
    assert.equal(first.code, 0);
    assert.match(first.output, /\n2 patients anonymized, 0 had been before, 0 failed\n$/);

    const copies = (await patientsOf()).filter(({ AnonymizedFrom }) => AnonymizedFrom !== undefined);
    assert.deepEqual(copies.map(({ AnonymizedFrom }) => AnonymizedFrom).sort(), originals.map(({ ID }) => ID).sort());
    for (const copy of copies) assert.match(tagText(copy, 'PatientName'), /^Anonymized\d+$/);
    const studies = expandedOf(await server.client.get('/studies', { query: { expand: true } }));
    for (const study of studies) assert.equal(tagText(study, 'StudyDescription'), 'Synthetic OT');

    const second = await runToEnd('anonymize-all-patients', server.url);
    assert.match(second.output, /\n0 patients anonymized, 2 had been before, 0 failed\n$/);
    assert.equal((await patientsOf()).length, 4);

    await server.upload({ kind: 'header', patient: 2, study: 1, series: 1, instance: 7 });
    const incomplete = await runToEnd('anonymize-all-patients', server.url);
    assert.equal(incomplete.code, 1);
    assert.match(incomplete.errors, /has a copy that lacks instances: delete it, or use --again/);
    const again = await runToEnd('anonymize-all-patients', '--again', '--keep=PatientSex', server.url);
    assert.equal(again.code, 0);
    assert.match(again.output, /\n1 patients anonymized, 1 had been before, 0 failed\n$/);
  });
}
