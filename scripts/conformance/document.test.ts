// docs/conformance.md is what the registry says today.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allDicomServices } from '../../packages/server/src/model/index.ts';
import { conformanceDocument, conformanceFile } from './document.ts';

test('docs/conformance.md is up to date', () => {
  const isCurrent = readFileSync(conformanceFile, 'utf8') === conformanceDocument();
  assert.ok(isCurrent, 'docs/conformance.md is out of date: npm run conformance');
});

test('the statement names every SOP class of the registry', () => {
  const statement = conformanceDocument();
  for (const { name, sopClasses } of allDicomServices) {
    for (const uid of sopClasses) assert.ok(statement.includes(`| ${uid} `), `${name}: ${uid}`);
  }
});
