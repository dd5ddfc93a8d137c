// What the tests of servers stand on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort, systemGivesThemToo } from './ports.ts';

const many = 500;

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

test('a port is none that who asks the system for any comes by', {
  skip: systemGivesThemToo && 'this system hands out nearly all ports by itself',
}, async () => {
  const own = await manyPorts();
  const others = Array.from({ length: many }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(others.map((server) => once(server, 'listening')));
  const addresses = others.map((server) => server.address());
  for (const server of others) server.close();
  for (const address of addresses) {
    assert.ok(address !== null && typeof address === 'object');
    assert.ok(address.port > Math.max(...own), `${address.port} is among those given here`);
  }
});

test('a server can listen on it', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  server.close();
});
