// From frames to what is shown.
export { type Palette, paletteOf } from './palette.ts';
export { isColour, type Picture, type Picture8, type Samples, samplesPerPixel } from './picture.ts';
export { type Presentation, presentationOf, type Window } from './presentation.ts';
export { fittedSize, resized, type Size } from './resize.ts';
export { pictureOf } from './unpack.ts';
export { type Clamped, clamped, preview, windowed } from './views.ts';
