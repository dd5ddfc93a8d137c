// The sample study of the user guide: `npm run samples -- FOLDER` writes six images of one patient, made of numbers alone.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syntheticInstance } from '../../packages/testkit/src/index.ts';

/** Two series of three images, `1-1.dcm` to `2-3.dcm`. */
export function writeSamples(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const series of [0, 1]) {
    for (const instance of [0, 1, 2]) {
      const file = syntheticInstance({ kind: 'ct', patient: 4711, study: 0, series, instance });
      writeFileSync(join(folder, `${series + 1}-${instance + 1}.dcm`), file);
    }
  }
}
