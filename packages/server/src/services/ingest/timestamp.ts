// Time as Orthanc writes it in metadata and changes.

/** UTC, `YYYYMMDDTHHMMSS`. */
export function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '');
}
