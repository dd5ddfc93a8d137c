// The query string: percent escapes are UTF-8, `+` is a plus as in the rest of a URL (RFC 3986), of several arguments of one name
// the last counts.
const nothing: ReadonlyMap<string, string> = new Map();

/** Decodes percent escapes; what is no valid escape stays as it is. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param query what follows the question mark, or '' */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  if (query === '') return nothing;
  const values = new Map<string, string>();
  for (const piece of query.split('&')) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    if (equals < 0) values.set(decodePercent(piece), '');
    else values.set(decodePercent(piece.slice(0, equals)), decodePercent(piece.slice(equals + 1)));
  }
  return values;
}
