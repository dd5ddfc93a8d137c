// `npm run client`: writes packages/client/src/generated from the OpenAPI document.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientModules } from './client/client-modules.ts';

const target = join(import.meta.dirname, '..', 'packages', 'client', 'src', 'generated');

mkdirSync(target, { recursive: true });
for (const [name, source] of Object.entries(clientModules())) writeFileSync(join(target, name), source);
console.log(`${target} is written`);
