// The kernels that are kept compiled are those whose sources are kept.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { digestOfSources, digestSection, kernelModule } from './kernels.ts';

test('the module tells the digest of its sources: else "npm run kernels" is due', () => {
  const module = readFileSync(kernelModule).toString('latin1');
  assert.ok(module.endsWith(digestSection + digestOfSources()));
});
