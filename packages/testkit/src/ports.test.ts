// What the tests of servers stand on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from './ports.ts';

const many = 500;
const rangeOfSystem = '/proc/sys/net/ipv4/ip_local_port_range';

function manyPorts(): Promise<number[]> {
  return Promise.all(Array.from({ length: many }, freePort));
}

test('a port is given once, in whatever process', async () => {
  const script = `
    const { freePort } = await import(process.argv[1]);
    const ports = await Promise.all(Array.from({ length: ${many} }, freePort));
    process.stdin.resume();
    process.stdout.write(JSON.stringify(ports) + '\\n');`;
  const module = import.meta.resolve('./ports.ts');
  const other = spawn(process.execPath, ['--input-type=module', '-e', script, module], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [own, [line]] = await Promise.all([manyPorts(), once(other.stdout.setEncoding('utf8'), 'data')]);
    const ports: number[] = [...own, ...JSON.parse(line)];
    assert.equal(new Set(ports).size, 2 * many);
  } finally {
    other.stdin.end();
    await once(other, 'close');
  }
});

test('a port is none that the system gives to whoever asks for any', { skip: !existsSync(rangeOfSystem) }, async () => {
  const [first = 0] = readFileSync(rangeOfSystem, 'utf8').trim().split(/\s+/).map(Number);
  for (const port of await manyPorts()) assert.ok(port < first, `${port} is one of the system's, from ${first} on`);
});

test('a server can listen on it', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  server.close();
});
