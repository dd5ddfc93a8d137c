// What the tests of servers stand on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePorts } from './server-process.ts';

test('the two ports of a server differ', async () => {
  for (const [http, dicom] of await Promise.all(Array.from({ length: 100 }, freePorts))) assert.notEqual(http, dicom);
});
