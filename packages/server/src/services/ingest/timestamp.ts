// Time as Orthanc writes it in metadata and changes.

let lastSecond = Number.NaN;
let lastText = '';

/** UTC, `YYYYMMDDTHHMMSS`. */
export function timestamp(date: Date): string {
  const second = Math.floor(date.getTime() / 1000);
  if (second !== lastSecond) {
    lastText = date.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '');
    lastSecond = second;
  }
  return lastText;
}
