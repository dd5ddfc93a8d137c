// Text of character values (PS3.5 6.2): bytes to characters with padding removed. Almost all text is ASCII, and goes the short way.
import type { TextCodec } from '../charset/index.ts';
import { isInCharset, type Vr } from '../vr.ts';

const space = 0x20;
const escapeByte = 0x1b;
/** Up to here letter by letter is faster than a decoder. */
const shortText = 14;
const latin1 = new TextDecoder('latin1');

/** Characters of bytes that are all below 0x80. */
function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** Without the spaces at its end. In linear time, which a regular expression takes only if no spaces stand within the text. */
export function withoutSpacesBehind(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === space) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Without the spaces at its start and end; other white space stays, unlike with `trim`. */
export function withoutSpacesAround(text: string): string {
  let start = 0;
  while (text.charCodeAt(start) === space) start++;
  return withoutSpacesBehind(start === 0 ? text : text.slice(start));
}

/**
 * The value in `length` bytes from `offset`: up to the first NUL, without the spaces at its end (UI without any white space),
 * decoded with the codec where the representation depends on Specific Character Set or holds bytes that are no ASCII. `codec` is
 * only called if needed. `keepsPadding` leaves the spaces at the end, as for UN, of which nobody knows whether it is padded.
 * Spaces at the start stay: only some representations call them insignificant, and a viewer shows them.
 */
export function readText(
  bytes: Uint8Array,
  offset: number,
  length: number,
  vr: Vr,
  codec: () => TextCodec,
  keepsPadding = false,
): string {
  let to = offset + length;
  let bits = 0;
  let hasEscape = false;
  for (let at = offset; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) {
      to = at;
      break;
    }
    bits |= byte;
    if (byte === escapeByte) hasEscape = true;
  }
  while (!keepsPadding && to > offset && bytes[to - 1] === space) to--;
  if (bits >= 0x80 || (hasEscape && isInCharset(vr))) {
    const decoded = codec().decode(bytes.subarray(offset, to), vr);
    return keepsPadding ? decoded : withoutSpacesBehind(decoded);
  }
  const text = to - offset <= shortText ? asciiText(bytes, offset, to) : latin1.decode(bytes.subarray(offset, to));
  return vr === 'UI' ? text.replace(/\s+/g, '') : text;
}
