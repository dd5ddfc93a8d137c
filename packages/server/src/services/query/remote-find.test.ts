// A peer that answers without end is cut off, by the number of its answers or by their size.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type DataSet, Tag } from '@pharos/dicom';
import type { ModalityNetwork } from '../../ports/index.ts';
import { answerLimits, collectAnswers } from './remote-find.ts';

const remote = { aet: 'PACS', host: '192.0.2.1', port: 104, localAet: 'PHAROS', timeout: 10 };
const query = { model: 'study-root', identifier: createDataSet([]) } as const;
const unused = () => assert.fail('nobody should ask for this');

/** The same answer again and again; `state` tells how often, and whether the query was left. */
function endless(answer: DataSet) {
  const state = { sent: 0, isLeft: false };
  const network: ModalityNetwork = {
    echo: unused,
    store: unused,
    openStore: unused,
    action: unused,
    eventReport: unused,
    move: unused,
    get: unused,
    async *find() {
      try {
        for (;;) {
          state.sent++;
          yield answer;
        }
      } finally {
        state.isLeft = true;
      }
    },
  };
  return { network, state };
}

for (const [kind, value, most] of [
  ['small', 'P', answerLimits.count],
  ['large', 'P'.repeat(1024 * 1024), answerLimits.bytes / 1024 / 1024],
] as const) {
  test(`endless ${kind} answers`, async () => {
    const item = [{ tag: Tag.PatientComments, value }];
    const { network, state } = endless(createDataSet([{ tag: Tag.ReferencedPatientSequence, value: [item] }]));
    await assert.rejects(collectAnswers({ network }, remote, query), { code: 'NetworkProtocol' });
    assert.ok(state.sent > most * 0.9 && state.sent <= most + 1, `${state.sent} answers were taken`);
    assert.ok(state.isLeft);
  });
}
