// Peers that take PDUs of a few bytes only: they are served, and cost others nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPduReader } from '../pdu/index.ts';
import { type CommandSet, createMessageWriter, type DataSource, withDataSet } from './index.ts';

const store: CommandSet = { CommandField: 1, MessageID: 1, CommandDataSetType: withDataSet };
/** Bytes of a PDU without its header: two of them are of the data set. */
const peerMaximum = 8;
const bytes = Uint8Array.from({ length: 200_001 }, (_, at) => at % 251);

async function* stream(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 70_000) yield bytes.subarray(at, at + 70_000);
}

const sources: readonly (readonly [string, () => DataSource])[] = [
  ['at hand', () => [bytes.subarray(0, 99), bytes.subarray(99)]],
  ['lent', () => ({ pieces: [bytes], giveBack() {} })],
  ['that comes piece by piece', stream],
];

for (const [what, source] of sources) {
  test(`a data set ${what} is sent in PDUs of eight bytes, in few writes`, async () => {
    let chunks = 0;
    let longest = 0;
    let ends = 0;
    const received: Uint8Array[] = [];
    const reader = createPduReader(
      { associateBytes: 0, dataBytes: peerMaximum },
      {
        control() {},
        data() {},
        piece(_contextId, control, piece) {
          longest = Math.max(longest, piece.length);
          if ((control & 1) === 0) received.push(piece);
          if (control === 2) ends += 1;
          return undefined;
        },
        malformed: ({ message }) => assert.fail(message),
      },
    );
    const writer = createMessageWriter({
      peerMaximum,
      send(written) {
        chunks += written.length;
        for (const chunk of written) reader.push(chunk);
        return undefined;
      },
    });
    await writer.send(1, store, source());
    assert.ok(Buffer.concat(received).equals(bytes));
    assert.deepEqual([longest, ends], [2, 1]);
    assert.ok(chunks < 20, `${chunks} chunks`);
  });
}
