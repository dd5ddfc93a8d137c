// A process that dies in the middle of its ingest loses nothing that it acknowledged and leaves nothing half done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashDrill } from '@pharos/testkit';

const kills = Number(process.env.PHAROS_KILLS ?? 20);

for (const compression of ['none', 'zlib'] as const) {
  const times = Math.ceil(kills * (compression === 'none' ? 0.8 : 0.2));
  test(`${times} kills of an ingest with compression ${compression}`, async () => {
    const { acknowledged, faults } = await crashDrill(times, compression);
    assert.deepEqual(faults, []);
    assert.ok(acknowledged > times, `only ${acknowledged} instances were acknowledged`);
  });
}
