// Text in PDUs and command sets is ISO 646 (PS3.8 9.3); read byte by byte so that nothing a peer sends fails to decode.

function latin1Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Text without the spaces and NULs that pad it at the end. Looked for from there: a stranger's field of 64 KB must not cost its square. */
export function unpaddedText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && isPadding(bytes[end - 1])) end -= 1;
  return latin1Of(bytes.subarray(0, end));
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0;
}

/** Writes a byte for each unit of UTF-16; those over 255 become '?'. */
export function writeText(target: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    target[at + index] = unit > 0xff ? 0x3f : unit;
  }
}

/** As `writeText`. */
export function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  writeText(bytes, 0, text);
  return bytes;
}

/** An application entity title in its field of 16 bytes, padded with spaces. */
export function aetField(aet: string): Uint8Array {
  return bytesOfText(aet.slice(0, 16).padEnd(16, ' '));
}

/** Application entity title of a field; padding at the end, also by NUL, is dropped. */
export function aetOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return unpaddedText(end < 0 ? field : field.subarray(0, end));
}
