// The SQLite index keeps the contract of every index.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexStoreContract, silentLog } from '@pharos/testkit';
import { openSqliteIndex } from './index.ts';

indexStoreContract('SQLite index', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-index-'));
  const store = await openSqliteIndex({ folder, log: silentLog });
  return {
    ...store,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
