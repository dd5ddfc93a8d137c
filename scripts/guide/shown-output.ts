// Whether an output is what a page shows of it, in its essence.

const anything = '…';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `…` stands for any characters. */
function isLike(shown: string, actual: string): boolean {
  return new RegExp(`^${shown.split(anything).map(quoted).join('.*')}$`, 's').test(actual);
}

/** Members beyond those that are shown do not matter, nor does the order of items. @returns what differs; undefined: nothing */
function differenceOf(shown: unknown, actual: unknown, at: string): string | undefined {
  if (shown === anything) return actual === undefined ? `${at}: nothing` : undefined;
  const isText = typeof shown === 'string' && typeof actual === 'string';
  const told = `${at}: ${JSON.stringify(actual)} instead of ${JSON.stringify(shown)}`;
  if (isText) return isLike(shown, actual) ? undefined : told;
  if (Array.isArray(shown)) {
    if (!Array.isArray(actual) || actual.length !== shown.length) return told;
    return differenceOfItems(shown, actual, at);
  }
  if (!isObject(shown)) return shown === actual ? undefined : told;
  if (!isObject(actual)) return told;
  for (const [name, value] of Object.entries(shown)) {
    const difference = differenceOf(value, actual[name], `${at}/${name}`);
    if (difference) return difference;
  }
  return undefined;
}

function differenceOfItems(shown: readonly unknown[], actual: readonly unknown[], at: string): string | undefined {
  const left = [...actual];
  for (const [index, item] of shown.entries()) {
    const found = left.findIndex((candidate) => !differenceOf(item, candidate, ''));
    if (found < 0) return `${at}/${index}: no ${JSON.stringify(item)} in ${JSON.stringify(actual)}`;
    left.splice(found, 1);
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns what differs; undefined: nothing */
export function outputDifference(format: 'json' | 'text', shown: string, actual: string): string | undefined {
  if (format === 'json') return differenceOf(JSON.parse(shown), parsed(firstJson(actual)), '');
  const told = `${JSON.stringify(actual.trim())} instead of ${JSON.stringify(shown.trim())}`;
  return isLike(shown.trim(), actual.trim()) ? undefined : told;
}

/** Tools may say more after the answer. */
function firstJson(output: string): string {
  const text = output.trim();
  const end = text.search(/(?<=^[\]}])$(?!\n[\]}])/m);
  return end < 0 || parsed(text) !== undefined ? text : text.slice(0, end);
}
