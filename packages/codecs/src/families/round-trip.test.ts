// What is compressed without loss comes back as it was; with loss, nearly so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfFrame, CodecError, type Frame, type FrameFormat } from '../frame/index.ts';
import { createCodecs } from './codecs.ts';

const codecOf = createCodecs();
const root = '1.2.840.10008.1.2';
const grey: FrameFormat = {
  rows: 37,
  columns: 51,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  isSigned: false,
  planarConfiguration: 0,
  photometricInterpretation: 'MONOCHROME2',
};
const bits = (bitsAllocated: number, bitsStored = bitsAllocated): Partial<FrameFormat> => ({
  bitsAllocated,
  bitsStored,
  highBit: bitsStored - 1,
});
const colour: Partial<FrameFormat> = { ...bits(8), samplesPerPixel: 3, photometricInterpretation: 'RGB' };

/** Smooth with some noise, the same each time, in the bits stored; signed values are extended. */
function frameOf(changes: Partial<FrameFormat>, noise = 0.05): Frame & { readonly bytes: Buffer } {
  const format = { ...grey, ...changes };
  const { rows, columns, samplesPerPixel, bitsStored, bitsAllocated, isSigned } = format;
  const bytes = Buffer.alloc(bytesOfFrame(format));
  const width = bitsAllocated / 8;
  const range = 2 ** bitsStored;
  let seed = 12345;
  for (let index = 0; index < rows * columns * samplesPerPixel; index++) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    const pixel = Math.floor(index / samplesPerPixel);
    const wave = (Math.sin((pixel % columns) / 9) + Math.cos(pixel / columns / 7) + 2) / 4;
    const value = Math.min(range - 1, Math.floor((wave * (1 - noise) + (seed / 2 ** 31) * noise) * range));
    const signed = isSigned ? value - range / 2 : value;
    if (isSigned) bytes.writeIntLE(signed, index * width, width);
    else bytes.writeUIntLE(signed, index * width, width);
  }
  return { format, bytes };
}

const formats: Readonly<Record<string, Partial<FrameFormat>>> = {
  'grey of 8 bits': bits(8),
  'grey of 16 bits': bits(16),
  'grey of 12 bits in 16': bits(16, 12),
  'grey of 7 bits in 16': bits(16, 7),
  'signed grey of 16 bits': { ...bits(16), isSigned: true },
  'signed grey of 12 bits in 16': { ...bits(16, 12), isSigned: true },
  colour,
  'colour in one row': { ...colour, rows: 1, columns: 3 },
  'a single pixel': { ...bits(16), rows: 1, columns: 1 },
  'indices into a palette': { ...bits(8), photometricInterpretation: 'PALETTE COLOR' },
};

const lossless: Readonly<Record<string, string>> = {
  RLE: `${root}.5`,
  'JPEG lossless': `${root}.4.57`,
  'JPEG lossless, first order': `${root}.4.70`,
  'JPEG-LS': `${root}.4.80`,
  'JPEG 2000': `${root}.4.90`,
  HTJ2K: `${root}.4.201`,
  'HTJ2K RPCL': `${root}.4.202`,
  'JPEG XL': `${root}.4.110`,
  'encapsulated without compression': `${root}.1.98`,
};

function roundTrip(uid: string, frame: Frame, quality = 90): Frame & { readonly encodedBytes: number } {
  const codec = codecOf(uid);
  const encoded = codec.encode?.(frame, { quality });
  assert.ok(encoded && codec.decode);
  return { ...codec.decode(encoded.bytes, encoded.format), encodedBytes: encoded.bytes.byteLength };
}

function greatestDifference(a: Uint8Array, b: Uint8Array, width: number): number {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  assert.equal(left.byteLength, right.byteLength);
  let most = 0;
  for (let at = 0; at < left.byteLength; at += width) {
    most = Math.max(most, Math.abs(left.readUIntLE(at, width) - right.readUIntLE(at, width)));
  }
  return most;
}

for (const [name, uid] of Object.entries(lossless)) {
  test(`${name} changes no sample`, () => {
    for (const [kind, format] of Object.entries(formats)) {
      const frame = frameOf(format);
      // OpenJPEG, HTJ2K too, wants at least two rows and columns.
      if (/2000|HTJ2K/.test(name) && frame.format.rows === 1) continue;
      const { bytes, format: after } = roundTrip(uid, frame);
      assert.ok(Buffer.from(bytes).equals(frame.bytes), `${kind} came back changed`);
      assert.equal(after.photometricInterpretation, frame.format.photometricInterpretation, kind);
    }
  });

  test(`${name} keeps bits above those stored`, () => {
    const frame = frameOf({ ...bits(16, 12), isSigned: false });
    for (let at = 1; at < frame.bytes.byteLength; at += 6) frame.bytes[at] = (frame.bytes[at] ?? 0) | 0x10;
    assert.ok(Buffer.from(roundTrip(uid, frame).bytes).equals(frame.bytes));
  });

  test(`${name} keeps samples with sign that take more bits than those stored`, () => {
    const frame = frameOf({ ...bits(16, 9), isSigned: true });
    for (const [at, value] of [-32_768, 32_767, -300, 300, 511].entries()) frame.bytes.writeInt16LE(value, at * 14);
    assert.ok(Buffer.from(roundTrip(uid, frame).bytes).equals(frame.bytes));
  });
}

test('colour of more than eight bits is compressed without loss', () => {
  for (const uid of ['.4.57', '.4.70', '.4.80', '.4.90', '.4.110'].map((suffix) => root + suffix)) {
    for (const format of [bits(16), bits(16, 12), { ...bits(16, 12), isSigned: true }]) {
      const frame = frameOf({ ...colour, ...format });
      assert.ok(Buffer.from(roundTrip(uid, frame).bytes).equals(frame.bytes), uid);
    }
  }
});

test('what makes a frame without compression even is no part of it, and a short one is damaged', () => {
  const { decode } = codecOf(`${root}.1.98`);
  assert.ok(decode);
  const { format, bytes } = frameOf(bits(8));
  assert.equal(bytes.byteLength % 2, 1);
  assert.ok(Buffer.from(decode(Buffer.concat([bytes, new Uint8Array(1)]), format).bytes).equals(bytes));
  assert.throws(() => decode(bytes.subarray(1), format), { code: 'Damaged' });
  const subsampled: FrameFormat = {
    ...frameOf({ ...colour, columns: 50 }).format,
    photometricInterpretation: 'YBR_FULL_422',
  };
  const samples = new Uint8Array(37 * 50 * 2);
  assert.equal(decode(samples, subsampled).bytes.byteLength, samples.byteLength);
  assert.throws(() => decode(samples.subarray(1), subsampled), { code: 'Damaged' });
});

test('YBR_FULL is compressed as it is by JPEG 2000 without loss, and by nothing that would take it for RGB', () => {
  const frame = frameOf({ ...colour, photometricInterpretation: 'YBR_FULL' });
  for (const changes of [colour, { ...colour, ...bits(16) }]) {
    const other = frameOf({ ...changes, photometricInterpretation: 'YBR_FULL' });
    const { bytes, format } = roundTrip(`${root}.4.90`, other);
    assert.ok(Buffer.from(bytes).equals(other.bytes));
    assert.equal(format.photometricInterpretation, 'YBR_FULL');
  }
  for (const suffix of ['.4.50', '.4.91', '.4.201', '.4.203', '.4.110']) {
    const { encode } = codecOf(root + suffix);
    assert.throws(() => encode?.(frame, { quality: 90 }), { code: 'Unsupported' }, suffix);
  }
});

test('RLE holds samples of 32 bits and colour of 16', () => {
  for (const format of [bits(32), { ...colour, ...bits(16) }]) {
    const frame = frameOf(format);
    assert.ok(Buffer.from(roundTrip(`${root}.5`, frame).bytes).equals(frame.bytes));
  }
});

test('colour by plane is compressed as colour by pixel', () => {
  const frame = frameOf(colour);
  const { rows, columns } = frame.format;
  const planes = Buffer.alloc(frame.bytes.byteLength);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    for (let sample = 0; sample < 3; sample++) {
      planes[sample * rows * columns + pixel] = frame.bytes[pixel * 3 + sample] ?? 0;
    }
  }
  const planar: Frame = { format: { ...frame.format, planarConfiguration: 1 }, bytes: planes };
  for (const [name, uid] of Object.entries(lossless)) {
    if (uid.endsWith('.1.98')) continue;
    const { bytes, format } = roundTrip(uid, planar);
    assert.equal(format.planarConfiguration, 0, name);
    assert.ok(Buffer.from(bytes).equals(frame.bytes), name);
  }
});

test('lossy compression stays close, closer with more quality, and is smaller', () => {
  const cases: readonly (readonly [string, Partial<FrameFormat>, number])[] = [
    ['.4.50', bits(8), 20],
    ['.4.50', colour, 90],
    ['.4.51', bits(8), 20],
    ['.4.51', bits(16, 12), 60],
    ['.4.51', bits(16, 10), 60],
    ['.4.51', colour, 90],
    ['.4.81', bits(8), 2],
    ['.4.81', bits(16, 12), 40],
    ['.4.91', bits(8), 20],
    ['.4.91', bits(16, 12), 300],
    ['.4.91', colour, 60],
  ];
  for (const [suffix, format, tolerance] of cases) {
    const frame = frameOf({ ...format, rows: 128, columns: 128 });
    const width = frame.format.bitsAllocated / 8;
    const best = roundTrip(root + suffix, frame, 95);
    const worst = roundTrip(root + suffix, frame, 30);
    const difference = greatestDifference(best.bytes, frame.bytes, width);
    assert.ok(difference <= tolerance, `${suffix} differs by ${difference}`);
    assert.ok(worst.encodedBytes < best.encodedBytes, `${suffix}: less quality is smaller`);
    assert.ok(best.encodedBytes < frame.bytes.byteLength, `${suffix} is smaller`);
  }
});

test('what a syntax cannot hold is refused with a reason', () => {
  const refused: readonly (readonly [string, Partial<FrameFormat>])[] = [
    ['.4.50', bits(16, 12)],
    ['.4.50', { ...bits(8), photometricInterpretation: 'PALETTE COLOR' }],
    ['.4.70', bits(32)],
    ['.4.91', { ...colour, ...bits(16) }],
    ['.4.201', { ...colour, ...bits(16) }],
    ['.4.203', { ...colour, ...bits(16) }],
    ['.4.91', { ...bits(8), isSigned: true }],
    ['.4.203', { ...bits(8), isSigned: true }],
    ['.4.90', { ...bits(16), rows: 1, columns: 1 }],
    ['.4.80', { ...colour, photometricInterpretation: 'YBR_FULL_422' }],
  ];
  for (const [suffix, format] of refused) {
    const frame = frameOf(format);
    assert.throws(
      () => codecOf(root + suffix).encode?.(frame, { quality: 90 }),
      (error) => error instanceof CodecError && error.code === 'Unsupported' && error.message.length > 10,
    );
  }
  assert.throws(() => codecOf(`${root}.4.100`), /Videos/);
  assert.throws(() => codecOf('1.2.3'), /not known/);
});

test('a damaged stream is told as one, and the next is decoded', () => {
  const frame = frameOf(bits(16, 12));
  for (const uid of Object.values(lossless)) {
    if (uid.endsWith('.1.98')) continue;
    const codec = codecOf(uid);
    const encoded = codec.encode?.(frame, { quality: 90 });
    assert.ok(encoded && codec.decode);
    const { bytes, format } = encoded;
    const others = { ...format, rows: format.rows * 2 };
    assert.throws(() => codec.decode?.(bytes, others), CodecError, `${uid}: another size`);
    assert.throws(() => codec.decode?.(bytes.subarray(0, 10), format), CodecError, `${uid}: cut off`);
    assert.throws(() => codec.decode?.(new Uint8Array(500).fill(0xff), format), CodecError, `${uid}: no stream`);
    assert.ok(Buffer.from(codec.decode(bytes, format).bytes).equals(frame.bytes));
  }
});

test('a stream that tells its size twice is damaged, and its second size takes no memory', () => {
  const { format } = frameOf(bits(16, 12));
  // Without differences, the packets of JPEG 2000 are empty: they fit an image of any size.
  const samples = new Uint16Array(format.rows * format.columns).fill(2048);
  const frame = { format, bytes: new Uint8Array(samples.buffer) };
  // Of their headers: the marker, and where it has rows and columns of how many bytes.
  const headers = [
    { uid: `${root}.4.57`, marker: 0xc3, sizes: [5, 7], width: 2 },
    { uid: `${root}.4.70`, marker: 0xc3, sizes: [5, 7], width: 2 },
    { uid: `${root}.4.80`, marker: 0xf7, sizes: [5, 7], width: 2 },
    { uid: `${root}.4.90`, marker: 0x51, sizes: [6, 10, 22, 26], width: 4 },
  ];
  for (const { uid, marker, sizes, width } of headers) {
    const codec = codecOf(uid);
    const encoded = codec.encode?.(frame, { quality: 90 });
    assert.ok(encoded && codec.decode);
    const bytes = Buffer.from(encoded.bytes);
    const start = bytes.indexOf(Uint8Array.of(0xff, marker));
    const end = start + 2 + bytes.readUInt16BE(start + 2);
    const second = Buffer.from(bytes.subarray(start, end));
    for (const at of sizes) second.writeUIntBE(8192, at, width);
    const twice = Buffer.concat([bytes.subarray(0, end), second, bytes.subarray(end)]);
    const { rss: before } = process.memoryUsage();
    assert.throws(() => codec.decode?.(twice, encoded.format), { code: 'Damaged' }, uid);
    const more = process.memoryUsage().rss - before;
    assert.ok(more < 128 * 1024 * 1024, `${uid}: ${more} bytes more`);
  }
});

test('a marker before the frame header that stands for nothing is damage', () => {
  const frame = frameOf(bits(8));
  for (const suffix of ['.4.50', '.4.51', '.4.70', '.4.80']) {
    const { encode, decode } = codecOf(root + suffix);
    const encoded = encode?.(frame, { quality: 90 });
    assert.ok(encoded && decode);
    for (const start of [2, 0]) {
      const bytes = Buffer.concat([
        encoded.bytes.subarray(0, start),
        Uint8Array.of(0xff, 1),
        encoded.bytes.subarray(2),
      ]);
      assert.throws(() => decode(bytes, encoded.format), { code: 'Damaged' }, suffix);
    }
  }
});

test('a stream that was cut off is told at once', () => {
  const frame = frameOf({ ...bits(16, 12), rows: 256, columns: 256 });
  for (const uid of Object.values(lossless)) {
    if (uid.endsWith('.1.98')) continue;
    const codec = codecOf(uid);
    const encoded = codec.encode?.(frame, { quality: 90 });
    assert.ok(encoded && codec.decode);
    const { bytes, format } = encoded;
    for (const length of [bytes.byteLength - 40, bytes.byteLength >> 1]) {
      const cut = Buffer.concat([bytes.subarray(0, length), new Uint8Array(1)]);
      const before = process.cpuUsage();
      try {
        // Some decoders give what was there.
        assert.equal(codec.decode(cut, format).bytes.byteLength, frame.bytes.byteLength, uid);
      } catch (error) {
        assert.ok(error instanceof CodecError, uid);
      }
      const { user } = process.cpuUsage(before);
      assert.ok(user < 2_000_000, `${uid} took ${user} microseconds`);
    }
  }
});
