// Pixel data: what is stored to frames, frames to what is stored, frames to what is shown.
export { type CodecOf, createCodecs, readJpegHeader } from './families/index.ts';
export * from './frame/index.ts';
export {
  encodePng,
  type NumpyType,
  numpyHeader,
  type ReadablePictureType,
  readPicture,
  type View,
} from './picture/index.ts';
export { type Picture, type Presentation, presentationOf } from './pixels/index.ts';
export * from './worker/index.ts';
