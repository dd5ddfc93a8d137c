// Comparisons that do not look at case (PS3.4 C.2.2.2.1 leaves them to the implementation for PN): as Orthanc does.

/** Upper case, accented letters included; an accent stays, however it was composed: é, e + U+0301 -> É. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toUpperCase();
}
