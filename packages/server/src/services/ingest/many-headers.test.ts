// Many who send long headers and then wait: what the server holds of them in memory has a bound, and each is stored in the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDataSet, encodePart10 } from '@pharos/dicom';
import { openIngest, syntheticElements } from '@pharos/testkit';

const uploads = 300;
const boundMb = 160;
const mebibyte = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** A file of a MB without Pixel Data, all of it header. */
function longHeader(instance: number): Uint8Array {
  const elements = syntheticElements({ kind: 'header', patient: 0, study: 0, series: 0, instance });
  const long = { tag: 0x00420011, vr: 'OB', value: new Uint8Array(1_000_000) } as const;
  return encodePart10({ dataSet: createDataSet([...elements, long]), transferSyntax: '1.2.840.10008.1.2.1' });
}

test(`${uploads} headers of a MB that are not finished take no more than ${boundMb} MB`, async () => {
  const fixture = await openIngest();
  const before = process.memoryUsage().arrayBuffers;
  const file = longHeader(0);
  const half = Math.floor(file.byteLength * 0.95);
  const intakes = [];
  for (let n = 0; n < uploads; n++) {
    const intake = fixture.ingest.begin({ origin: 'RestApi', remoteIp: '127.0.0.1', httpUsername: '' });
    const bytes = n === 0 ? file : longHeader(n);
    // As they come from a socket: each piece in memory of its own.
    for (let at = 0; at < half; at += 65536)
      await intake.push(Uint8Array.from(bytes.subarray(at, Math.min(at + 65536, half))));
    intakes.push({ intake, rest: bytes.slice(half) });
  }
  collectGarbage();
  const held = (process.memoryUsage().arrayBuffers - before) / mebibyte;
  assert.ok(held < boundMb, `${Math.round(held)} MB`);
  for (const { intake, rest } of intakes.slice(-3)) {
    await intake.push(rest);
    assert.equal((await intake.finish()).status, 'Success');
  }
  for (const { intake } of intakes.slice(0, -3)) await intake.abort();
  await fixture.discard();
});
