// A drill for the DICOM port: idle connections and broken PDUs from all sides, while a modality must be answered within a second.
//
//     node scripts/drill/dicom-drill.ts [--minutes 10] [--idle 5000] [--attackers 8]
//
// Starts a server of its own, tells what it saw, and ends with exit code 1 where an echo was late or failed, or memory was not
// given back. Many idle connections need as many file descriptors: `ulimit -n`.
import { parseArgs } from 'node:util';
import { startServer } from '@pharos/testkit';
import { runDrill } from './drill.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    idle: { type: 'string', default: '5000' },
    attackers: { type: 'string', default: '8' },
  },
});

const server = await startServer();
const outcome = await runDrill(server, {
  seconds: Number(values.minutes) * 60,
  idle: Number(values.idle),
  attackers: Number(values.attackers),
  tell: (line) => process.stdout.write(`${line}\n`),
});
await server.discard();
process.exitCode = outcome.faults.length > 0 ? 1 : 0;
for (const fault of outcome.faults) process.stdout.write(`FAULT ${fault}\n`);
process.exit();
