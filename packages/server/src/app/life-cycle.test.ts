// The life of the program: start, restart, end, and why it does not start.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pharosCommand, startServer } from '@pharos/testkit';
import { run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharos-life-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let storages = 0;
function configuration(options: object = {}): string {
  const number = ++storages;
  const path = join(folder, `${number}.json`);
  const storage = join(folder, `storage-${number}`);
  writeFileSync(path, JSON.stringify({ StorageDirectory: storage, HttpPort: 0, DicomPort: 0, ...options }));
  return path;
}

/** Runs the program; `url()` waits until it listens (again). */
function start(...args: readonly string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  let seen = 0;
  let wake: () => void = () => undefined;
  let signal: (wish: 'end' | 'reload') => void = () => undefined;
  const code = run({
    args,
    environment: {},
    print(text) {
      printed.push(text);
      wake();
    },
    printError: (text) => void errors.push(text),
    onSignal: (receive) => {
      signal = receive;
    },
  });
  const url = async (): Promise<string> => {
    for (;;) {
      const at = printed.findIndex((text, index) => index >= seen && text.includes('http://'));
      if (at >= 0) {
        seen = at + 1;
        return /http:\/\/\S+?(?=\/ )/.exec(printed[at] ?? '')?.[0].replace('localhost', '127.0.0.1') ?? '';
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { code, url, errors, printed, signal: (wish: 'end' | 'reload') => signal(wish) };
}

test('it says where it listens, serves, and ends on a signal with exit code 0', async () => {
  const program = start(configuration());
  const answer = await fetch(`${await program.url()}/system`);
  assert.equal(answer.status, 200);
  await answer.text();
  program.signal('end');
  assert.equal(await program.code, 0);
});

test('POST /tools/reset reads the configuration again, POST /tools/shutdown ends the program', async () => {
  const path = configuration({ Name: 'before' });
  const program = start(path);
  const before = await program.url();
  writeFileSync(path, readFileSync(path, 'utf8').replace('before', 'after'));
  assert.equal(await (await fetch(`${before}/tools/reset`, { method: 'POST' })).text(), '{}');
  const url = await program.url();
  const system: unknown = await (await fetch(`${url}/system`)).json();
  assert.ok(typeof system === 'object' && system !== null && 'Name' in system);
  assert.equal(system.Name, 'after');
  await (await fetch(`${url}/tools/shutdown`, { method: 'POST' })).text();
  assert.equal(await program.code, 0);
});

/** Waits until the log has a line that matches. */
async function logged(path: string, pattern: RegExp): Promise<void> {
  const changes = watch(path);
  while (!pattern.test(readFileSync(path, 'utf8'))) await once(changes, 'change');
  changes.close();
}

test('SIGHUP restarts where the configuration has changed, and only there', async () => {
  const path = configuration({ Name: 'before' });
  const log = join(folder, 'reload.log');
  const program = start(`--logfile=${log}`, path);
  await program.url();
  program.signal('reload');
  await logged(log, /SIGHUP is ignored: the configuration has not changed/);
  writeFileSync(path, readFileSync(path, 'utf8').replace('before', 'after'));
  program.signal('reload');
  assert.match(await (await fetch(`${await program.url()}/system`)).text(), /"Name" : "after"/);
  program.signal('end');
  assert.equal(await program.code, 0);
});

test('a restart with a broken configuration is refused, and the server goes on', async () => {
  const path = configuration();
  const log = join(folder, 'broken.log');
  const program = start(`--logfile=${log}`, path);
  const url = await program.url();
  writeFileSync(path, '{"HttpPort": ');
  program.signal('reload');
  await logged(log, /goes on as it is.*line 1, column/);
  assert.equal((await fetch(`${url}/system`)).status, 200);
  program.signal('end');
  assert.equal(await program.code, 0);
});

test('a signal to end that comes during a restart is not lost', async () => {
  const program = start(configuration());
  const url = await program.url();
  await (await fetch(`${url}/tools/reset`, { method: 'POST' })).text();
  program.signal('end');
  assert.equal(await program.code, 0);
});

test('a log file or folder that cannot be written is told without a stack', async () => {
  for (const option of ['--logfile', '--logdir']) {
    const program = start(`${option}=${join(configuration(), 'x', 'y')}`, configuration());
    assert.equal(await program.code, 1);
    assert.match(program.errors.join(), /^Pharos cannot run: ENOTDIR: [^\n]+\n$/);
  }
});

test('a full disk where its output goes does not end the server', { skip: !existsSync('/dev/full') }, async () => {
  const command = ['/bin/sh', '-c', 'exec "$@" >/dev/full 2>&1', 'sh', ...pharosCommand()];
  const server = await startServer({ command, configuration: { NoSuchOption: 'is warned of' } });
  try {
    assert.equal((await fetch(`${server.url}/system`)).status, 200);
    assert.equal((await fetch(`${server.url}/tools/log-level`, { method: 'PUT', body: 'trace' })).status, 200);
    assert.equal((await fetch(`${server.url}/system`)).status, 200);
    assert.equal(await server.stop(), 0);
  } finally {
    await server.discard();
  }
});

test('a second server on the same storage is refused, and says so', async () => {
  const path = configuration();
  const first = start(path);
  await first.url();
  const second = start(path);
  assert.equal(await second.code, 1);
  assert.match(second.errors.join(), /in use/);
  first.signal('end');
  await first.code;
});

test('a second server on the same files is refused, even with an index of its own', async () => {
  const storage = join(folder, 'shared-files');
  const first = start(configuration({ StorageDirectory: storage, IndexDirectory: join(folder, 'index-1') }));
  await first.url();
  for (const index of [join(folder, 'index-2'), storage]) {
    const second = start(configuration({ StorageDirectory: storage, IndexDirectory: index }));
    assert.equal(await second.code, 1);
    assert.match(second.errors.join(), /files in .*shared-files are in use/);
  }
  first.signal('end');
  assert.equal(await first.code, 0);
});

test('a port that is taken is refused, and says which; the storage is free again afterwards', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  assert.ok(address && typeof address === 'object');
  const path = configuration({ HttpPort: address.port });
  const refused = start(path);
  assert.equal(await refused.code, 1);
  assert.match(refused.errors.join(), new RegExp(`port ${address.port}`));
  other.close();
  await once(other, 'close');
  const program = start(path);
  await program.url();
  program.signal('end');
  assert.equal(await program.code, 0);
});

test('mistakes in the configuration are told without a stack', async () => {
  const program = start(configuration({ HttpPort: 'x' }));
  assert.equal(await program.code, 1);
  assert.equal(
    program.errors.join(),
    'Pharos cannot run: HttpPort must be a whole number from 0 to 65535, but is "x"\n',
  );
});

test('help, version, errors, configuration and OpenAPI document are printed', async () => {
  for (const [option, pattern] of [
    ['--help', /Usage/],
    ['--version', /^Pharos \d/],
    ['--errors', /UnknownResource/],
    ['--config=', /"HttpPort": 8042/],
    ['--openapi=', /"openapi": "3\.1\.0"/],
  ] as const) {
    const program = start(option);
    assert.equal(await program.code, 0);
    assert.match(program.printed.join(''), pattern);
  }
});
