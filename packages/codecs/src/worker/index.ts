// Threads that decode and encode.
export { createImageWorkers, type ImageWorkersOptions } from './image-workers.ts';
