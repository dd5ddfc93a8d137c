// The list of options without effect is true: nothing looks at those on it, something looks at all others.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { options } from './index.ts';
import { withoutEffect } from './without-effect.ts';

const packages = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where options are declared or only shown. */
const declaring = ['server/src/config/', 'server/src/model/settings.ts', 'server/src/rest/system.ts', 'testkit/'];
/** Computed and shown; there is nothing else to do with it. */
const shown = ['DatabaseServerIdentifier'];
/** A word of its own too: an origin of instances. */
const otherwise = ['Plugins'];

test('an option is without effect where no code but that of the configuration names it', () => {
  const files = globSync('*/src/**/*.ts', { cwd: packages })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.test.ts') && !declaring.some((place) => file.startsWith(place)));
  assert.ok(files.length > 200);
  const words = new Set(files.flatMap((file) => readFileSync(join(packages, file), 'utf8').match(/\w+/g) ?? []));
  const unnamed = Object.keys(options).filter(
    (name) => (!words.has(name) || otherwise.includes(name)) && !shown.includes(name),
  );
  assert.deepEqual([...withoutEffect].sort(), unnamed.sort());
});
