// The generated part of @pharos/client is what the routes say today, and the client compiles where there is no Node.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { clientModules } from './client-modules.ts';
import { schemaType } from './schema-type.ts';

const root = join(import.meta.dirname, '..', '..');
const client = join(root, 'packages', 'client');
const generated = join(client, 'src', 'generated');

test('the generated client is up to date', () => {
  for (const [name, source] of Object.entries(clientModules())) {
    const isCurrent = readFileSync(join(generated, name), 'utf8') === source;
    assert.ok(isCurrent, `packages/client/src/generated/${name} is out of date: npm run client`);
  }
});

test('the client uses nothing that a browser lacks', () => {
  const compiler = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'tsc.cmd' : 'tsc');
  const options = { encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const { status, stdout } = spawnSync(compiler, ['-p', join(client, 'tsconfig.browser.json')], options);
  assert.equal(status, 0, stdout);
});

test('a schema becomes the type that it means', () => {
  const nameless = () => undefined;
  const type = (schema: Parameters<typeof schemaType>[0]) => schemaType(schema, '', nameless).replace(/\s+/g, ' ');
  assert.equal(type({}), 'unknown');
  assert.equal(type({ type: 'integer' }), 'number');
  assert.equal(type({ type: 'string', enum: ['a', 'b'] }), "'a' | 'b'");
  assert.equal(
    type({ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } }),
    'ReadonlyArray<string | null>',
  );
  assert.equal(type({ type: 'object', additionalProperties: { type: 'string' } }), 'Readonly<Record<string, string>>');
  const object = { 'a-b': { type: 'string' }, c: { type: 'boolean', description: 'ends */ here' } };
  assert.equal(
    type({ type: 'object', properties: object, required: ['c'] }),
    "{ 'a-b'?: string; /** ends *\\/ here */ c: boolean; }",
  );
});
