// CPU time of a C-STORE over loopback TCP: a receiver in a process of its own drops the data sets, a sender sends one data set of
// 525 KB again and again in PDUs of 16 KB. Run: node bench/dimse.ts [number of instances]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  chooseFirstProposed,
  createScpServer,
  createStoreService,
  openAssociation,
  type StoreSink,
  tcpTransport,
} from '@pharos/dimse';

const dataSetBytes = 525 * 1024;
const sopClass = '1.2.840.10008.5.1.4.1.1.2';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const implementation = { classUid: '2.25.1', versionName: 'BENCH' };

/** Milliseconds of CPU of a process, user and system. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function receive(): Promise<void> {
  let bytes = 0;
  const sink: StoreSink = {
    push(chunk) {
      bytes += chunk.length;
      return undefined;
    },
    finish: async () => 0,
    abort: async () => {},
  };
  const server = createScpServer({
    transport: tcpTransport,
    implementation,
    maximumPduLength: 16384,
    contextRules: () => [{ matches: () => true, choose: chooseFirstProposed(() => true), roles: 'default' }],
    admit: () => 'accepted',
    authorise: () => true,
    services: [createStoreService({ begin: () => sink })],
    inactivityTimeout: 0,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  process.on('message', async (message) => {
    if (message === 'cpu') process.send?.({ cpu: cpu(), bytes });
    if (message === 'end') {
      await server.close();
      process.disconnect();
    }
  });
  process.send?.({ port });
}

interface Figures {
  readonly cpu: number;
  readonly bytes: number;
}

async function send(count: number): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['receive']);
  const [{ port }] = await once(child, 'message');
  const association = await openAssociation({
    transport: tcpTransport,
    host: '127.0.0.1',
    port,
    callingAet: 'SENDER',
    calledAet: 'BENCH',
    contexts: [{ abstractSyntax: sopClass, transferSyntaxes: [explicitLittleEndian] }],
    maximumPduLength: 16384,
    implementation,
    timeout: 10_000,
  });
  const dataSet = new Uint8Array(dataSetBytes);
  const store = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const status = await association.store({
        contextId: 1,
        sopClassUid: sopClass,
        sopInstanceUid: `2.25.${i}`,
        data: [dataSet],
      });
      if (status !== 0) throw new Error(`status ${status}`);
    }
  };
  const figures = async (): Promise<Figures> => {
    child.send('cpu');
    const [answer] = await once(child, 'message');
    return answer;
  };
  await store(Math.ceil(count / 4));
  const before = await figures();
  const started = performance.now();
  const ownCpu = cpu();
  await store(count);
  const after = await figures();
  const seconds = (performance.now() - started) / 1000;
  await association.release();
  child.send('end');
  console.log(
    [
      `${count} C-STORE of ${dataSetBytes} bytes, ${((after.bytes - before.bytes) / count / 1024).toFixed(0)} KiB received each`,
      `receiver ${((after.cpu - before.cpu) / count).toFixed(3)} ms CPU each`,
      `sender ${((cpu() - ownCpu) / count).toFixed(3)} ms CPU each`,
      `${(count / seconds).toFixed(0)} a second`,
    ].join('; '),
  );
}

if (process.argv[2] === 'receive') await receive();
else await send(Number(process.argv[2] ?? 1000));
