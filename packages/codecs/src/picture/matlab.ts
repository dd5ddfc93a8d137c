// A matrix as text that Matlab and Octave evaluate.
import { CodecError } from '../frame/index.ts';
import { isColour, type Picture } from '../pixels/index.ts';

/** Row by row; of colour, the values of each pixel side by side, put into three dimensions by the expression. @throws CodecError Unsupported */
export function matlabText(picture: Picture): string {
  const { width, height, samples } = picture;
  if (picture.kind === 'rgb16') {
    throw new CodecError('Unsupported', 'Samples of this kind are not written as a matrix');
  }
  if (isColour(picture)) {
    return `double(permute(reshape([ ${samples.join(' ')} ], [ 3 ${width} ${height} ]), [ 3 2 1 ]))`;
  }
  const rows = Array.from({ length: height }, (_, row) => samples.subarray(row * width, (row + 1) * width).join(' '));
  return `double([ ${rows.join(' ; ')} ])`;
}
