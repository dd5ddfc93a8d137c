// How a file may begin (PS3.10 7.1): with preamble and `DICM`, or, against the standard, with the data set itself.
import { correctMode, guessMode, type Mode, type Source } from '../data-set/index.ts';
import { vrOf } from '../dictionary/index.ts';
import { vrCodeOfLetters } from '../vr.ts';

/** Whether `DICM` stands here. */
export function isMagic(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;
}

/** The encoding of the data set at `start`, of which 8 bytes are there: as declared unless it clearly is another. */
export function modeInTruth(source: Source, start: number, declared: Mode | undefined): Mode {
  return declared === undefined ? guessMode(source.view, start) : correctMode(source.view, start, declared);
}

const lastFirstGroup = 0x0100;

/** Whether a file without preamble may start with a data set: a low group, and letters of a VR or a tag that is known. */
export function isPlausibleStart(view: DataView): boolean {
  const littleEndian = view.getUint16(0, true) <= view.getUint16(0, false);
  const group = view.getUint16(0, littleEndian);
  if (group === 0 || group > lastFirstGroup) return false;
  if (vrCodeOfLetters(view.getUint8(4), view.getUint8(5)) > 0) return true;
  const tag = ((group << 16) | view.getUint16(2, littleEndian)) >>> 0;
  return vrOf(tag) !== 'UN';
}
