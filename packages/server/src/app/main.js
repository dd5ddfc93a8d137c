// The program. Plain JavaScript, because of what it spares: with the cache of compiled code in place before anything else is
// loaded, no TypeScript has to be stripped at the next start, which is then quicker and 25 MB smaller. main.ts works as well.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

module.enableCompileCache(fileURLToPath(new URL('../../../../node_modules/.cache/pharos', import.meta.url)));

await import('./main.ts');
