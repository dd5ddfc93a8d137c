// What the tests of whole servers stand on.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { freePort } from './ports.ts';
import { startServer } from './server-process.ts';

test('a server is not up where another program answers on its port', async () => {
  const port = await freePort();
  const other = createServer((_request, response) => response.end('{}')).listen(port, '127.0.0.1');
  await once(other, 'listening');
  try {
    const started = startServer({ httpPort: port }).then((server) => server.discard());
    await assert.rejects(started, /another program listens on it/);
  } finally {
    other.close();
    other.closeAllConnections();
  }
});
