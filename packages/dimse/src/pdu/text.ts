// Text in PDUs and command sets is ISO 646 (PS3.8 9.3); read byte by byte so that nothing a peer sends fails to decode.

export function latin1Of(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Characters over 255 become '?'. */
export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xff ? 0x3f : code;
  });
}

/** An application entity title in its field of 16 bytes, padded with spaces. */
export function aetField(aet: string): Uint8Array {
  return bytesOfText(aet.slice(0, 16).padEnd(16, ' '));
}

/** Application entity title of a field; padding at the end, also by NUL, is dropped. */
export function aetOf(field: Uint8Array): string {
  const text = latin1Of(field);
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).replace(/ +$/, '');
}
