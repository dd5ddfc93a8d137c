// The drill of the DICOM port, a short one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '@pharos/testkit';
import { runDrill } from './drill.ts';

test('a modality is answered while others attack the DICOM port', async () => {
  const server = await startServer();
  try {
    const outcome = await runDrill(server, { seconds: 4, idle: 300, attackers: 4, tell: () => undefined });
    assert.deepEqual(outcome.faults, []);
    assert.ok(outcome.echoes > 5 && outcome.attacks > 50);
  } finally {
    await server.discard();
  }
});
