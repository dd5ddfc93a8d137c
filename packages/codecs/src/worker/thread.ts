// The thread that decodes and encodes.
import { workerData } from 'node:worker_threads';
import { createCodecs } from '../families/index.ts';
import { createPerformer } from './perform.ts';
import { serve } from './serve.ts';
import { isTask } from './tasks.ts';

// What the owner of the thread gives: see `createImageWorkers`.
const module: unknown = workerData;
if (!(module instanceof WebAssembly.Module)) throw new Error('A thread for images was started without its codecs');
const perform = createPerformer(createCodecs(module));

serve((request) => {
  if (!isTask(request)) throw new Error('A thread for images was asked for something else');
  return perform(request);
});
