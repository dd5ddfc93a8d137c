// The order of slices over HTTP, also of files that say they have more frames than anybody could hold.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tag } from '@pharos/dicom';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';
import { writeJson } from '../http/index.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server.discard());

interface Ordered {
  readonly id: string;
  readonly headers: Headers;
  readonly text: string;
}

/** The order of a series of one file with so many frames. */
async function ordered(series: number, frames: number): Promise<Ordered> {
  const elements = [{ tag: Tag.NumberOfFrames, value: String(frames) }];
  const file = syntheticInstance({ kind: 'header', patient: 1, study: 0, series, instance: 0, elements });
  const upload = await fetch(`${server.url}/instances`, { method: 'POST', body: Buffer.from(file) });
  const stored = JSON.parse(await upload.text());
  const answer = await fetch(`${server.url}/series/${stored.ParentSeries}/ordered-slices`);
  return { id: stored.ID, headers: answer.headers, text: await answer.text() };
}

test('files, frames, and frames by instance are told', async () => {
  const { id, text } = await ordered(0, 2);
  assert.deepEqual(JSON.parse(text), {
    Type: 'Sequence',
    Dicom: [`/instances/${id}/file`],
    Slices: [`/instances/${id}/frames/0`, `/instances/${id}/frames/1`],
    SlicesShort: [[id, 0, 2]],
  });
});

test('very many frames are sent as they are written, in the same layout', async () => {
  const few = await ordered(1, 3);
  const many = await ordered(2, 20_000);
  assert.equal(few.headers.has('content-length'), true);
  assert.equal(many.headers.has('content-length'), false);
  assert.equal(many.headers.get('content-type'), few.headers.get('content-type'));
  assert.equal(many.text, writeJson(JSON.parse(many.text)));
  assert.equal(JSON.parse(many.text).Slices.at(-1), `/instances/${many.id}/frames/19999`);
  assert.equal(JSON.parse(many.text).Slices.length, 20_000);
});
