// The thread that decodes and encodes.
import { createCodecs } from '../families/index.ts';
import { createKernels } from '../native/index.ts';
import { createPerformer } from './perform.ts';
import { serve } from './serve.ts';
import { isTask } from './tasks.ts';

const kernels = createKernels();
const perform = createPerformer(createCodecs(kernels), kernels);

serve((request) => {
  if (!isTask(request)) throw new Error('A thread for images was asked for something else');
  return perform(request);
});
