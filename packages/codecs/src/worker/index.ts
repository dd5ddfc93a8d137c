// Threads that decode and encode.
export { createImageWorkers, type ImageWorkersOptions } from './image-workers.ts';
export type { FrameSource, FrameValues, ImageWorkers, PictureRequest, PictureType, TakeDecoded } from './ports.ts';
