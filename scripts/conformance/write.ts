// `npm run conformance`: writes docs/conformance.md.
import { writeFileSync } from 'node:fs';
import { conformanceDocument, conformanceFile } from './document.ts';

writeFileSync(conformanceFile, conformanceDocument());
console.log(`${conformanceFile} is written`);
