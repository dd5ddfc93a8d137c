// The query string: `+` is a space, percent escapes are UTF-8, of several arguments of one name the last counts.
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

function decode(text: string): string {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** @param query what follows the question mark, or '' */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  if (query === '') return nothing;
  const values = new Map<string, string>();
  for (const piece of query.split('&')) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    if (equals < 0) values.set(decode(piece), '');
    else values.set(decode(piece.slice(0, equals)), decode(piece.slice(equals + 1)));
  }
  return values;
}
