// NumPy's NPY format, version 1.0: a header that describes the array, then its values, little endian, the last dimension first.
import { CodecError } from '../frame/index.ts';
import { isColour, type Picture, type Presentation, samplesPerPixel } from '../pixels/index.ts';

export type NumpyType = '<f4' | '|u1' | '<u2' | '<i2';

const alignment = 64;
const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);

/** What comes before the values. */
export function numpyHeader(type: NumpyType, shape: readonly number[]): Uint8Array {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const unpadded = magic.byteLength + 2 + text.length + 1;
  const padded = Math.ceil(unpadded / alignment) * alignment;
  const header = Buffer.alloc(padded, ' ');
  header.set(magic);
  header.writeUInt16LE(padded - magic.byteLength - 2, magic.byteLength);
  header.write(text, magic.byteLength + 2, 'latin1');
  header[padded - 1] = 0x0a;
  return header;
}

/** Colour keeps its bytes whether it is to be rescaled or not. @throws CodecError Unsupported */
export function numpyType(picture: Picture, isRescaled: boolean): NumpyType {
  if (picture.kind === 'rgb8') return '|u1';
  if (isRescaled && !isColour(picture)) return '<f4';
  const types = { grey8: '|u1', grey16: '<u2', signed16: '<i2', grey32: undefined, rgb16: undefined } as const;
  const type = types[picture.kind];
  if (type) return type;
  throw new CodecError('Unsupported', 'Samples of this kind are not written as an array');
}

/** Rows, columns, channels. */
export function numpyShape(picture: Picture): readonly [number, number, number] {
  return [picture.height, picture.width, samplesPerPixel(picture)];
}

/** The values of one frame. */
export function numpyValues(picture: Picture, { slope, intercept }: Presentation, isRescaled: boolean): Uint8Array {
  const { samples } = picture;
  if (numpyType(picture, isRescaled) !== '<f4') {
    return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  }
  const values = new Float32Array(samples.length);
  // In single precision all the way, as other implementations compute it.
  const factor = Math.fround(slope);
  const offset = Math.fround(intercept);
  for (let index = 0; index < samples.length; index++) {
    values[index] = Math.fround(factor * (samples[index] ?? 0)) + offset;
  }
  return new Uint8Array(values.buffer);
}
