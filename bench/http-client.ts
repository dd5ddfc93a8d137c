// A small keep-alive HTTP client over one socket, cheaper than the server it measures.
import { Agent, request } from 'node:http';

export interface Connection {
  send(method: string, path: string, body?: Uint8Array): Promise<{ readonly status: number; readonly body: Buffer }>;
  close(): void;
}

export function connect(port: number): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, agentKeepAliveTimeoutBuffer: 0 });
  return {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const headers = body ? { 'Content-Length': String(body.length) } : {};
        const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
          response.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Runs `count` tasks over some connections; gives the seconds it took. */
export async function overConnections(
  port: number,
  connections: number,
  count: number,
  task: (connection: Connection, number: number) => Promise<void>,
): Promise<number> {
  const open = Array.from({ length: connections }, () => connect(port));
  let next = 0;
  const started = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      while (next < count) await task(connection, next++);
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const connection of open) connection.close();
  return seconds;
}
