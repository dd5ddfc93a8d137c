// Pictures as files.
export { matlabText } from './matlab.ts';
export { type NumpyType, numpyHeader, numpyShape, numpyType, numpyValues } from './numpy.ts';
export { encodePam } from './pam.ts';
export { encodePng } from './png.ts';
export { type ReadablePictureType, readPicture } from './read-picture.ts';
export { type Shown, type View, viewOf } from './view.ts';
export { encodeWebp } from './webp.ts';
