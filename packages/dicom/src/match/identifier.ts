// The form in which Orthanc indexes identifiers (PatientID, PatientName, AccessionNumber, UIDs...) for look-ups.

const dropped = /[^ -~]+/g;
const wild = /[%_]/g;

/** Without control and non-ASCII characters, `%` and `_` (wildcards of SQL) as spaces, upper case, trimmed. */
export function normaliseIdentifier(text: string): string {
  return text.replace(dropped, '').replace(wild, ' ').toUpperCase().trim();
}
