// The process that the crash test kills: it stores instances of mixed sizes, some twice, some broken off, and says on a line
// what it has acknowledged. Arguments: folder, first number, zlib or none.
import { writeSync } from 'node:fs';
import { md5, openIngest } from './ingest-fixture.ts';
import { type SyntheticKind, syntheticInstance } from './synthetic-instance.ts';

const [folder = '', first = '0', compression = 'none'] = process.argv.slice(2);
const kinds: readonly SyntheticKind[] = ['header', 'mr', 'header', 'ct'];
const { ingest, store } = await openIngest({ folder, settings: { StorageCompression: compression === 'zlib' } });
let number = Number(first);

async function work(): Promise<never> {
  for (;;) {
    const n = number++;
    const kind = kinds[n % kinds.length] ?? 'header';
    const file = syntheticInstance({ kind, patient: n % 20, study: 0, series: n % 3, instance: n });
    if (n % 7 === 0) {
      const broken = ingest.begin({ origin: 'RestApi' });
      await broken.push(file.subarray(0, file.byteLength / 2));
      await broken.abort();
    }
    const stored = n % 5 === 0 ? await Promise.all([store(file), store(file)]) : [await store(file)];
    writeSync(1, `${stored[0]?.ids.instance} ${md5(file)}\n`);
  }
}

writeSync(1, 'ready\n');
await Promise.all(Array.from({ length: 4 }, work));
