// What all examples do the same way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '@pharos/testkit';
import { runToEnd } from './shared/example-fixture.ts';

/** The arguments that each needs, for a server. */
const examples: Readonly<Record<string, (url: string) => readonly string[]>> = {
  'anonymize-all-patients': (url) => [url],
  'archive-time-range': (url) => ['--from=20200101', '--target=unused', url],
  'auto-route': (url) => ['--route=pacs', '--state=unused', url],
  replicate: (url) => [url, url],
};

test('--help tells how each is used', async () => {
  for (const name of Object.keys(examples)) {
    const { code, output } = await runToEnd(name, '--help');
    assert.equal(code, 0);
    assert.ok(output.startsWith(`Usage: node examples/${name}.ts `), output);
  }
});

test('an unknown option, and a server that is no URL, are told', async () => {
  for (const [name, args] of Object.entries(examples)) {
    const unknown = await runToEnd(name, '--wrong');
    assert.equal(unknown.code, 2, name);
    assert.match(unknown.errors, /^Unknown option '--wrong'.*\nTry --help\.\n$/);
    const { code, errors } = await runToEnd(name, ...args('nowhere'));
    assert.equal(code, 2, name);
    assert.match(errors, /^"nowhere" is no URL of a server, .*\nTry --help\.\n$/);
  }
});

test('a server that does not answer is told without a stack', async () => {
  const port = await freePort();
  for (const [name, args] of Object.entries(examples)) {
    const { code, errors } = await runToEnd(name, ...args(`http://127.0.0.1:${port}/`));
    assert.equal(code, 1, name);
    assert.match(errors, /^GET http:\S+\/system: no answer: .*ECONNREFUSED.*\n$/);
  }
});
