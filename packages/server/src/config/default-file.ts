// A configuration file with every option, its default and its explanation, to start from.
import { options } from './options/index.ts';

const width = 110;

function comment(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += `${word} `;
  }
  lines.push(line.trimEnd());
  return lines.map((each) => `  // ${each}`).join('\n');
}

/** JSON with comments; options without a default are commented out. */
export function defaultFile(): string {
  const entries = Object.entries(options).map(([name, { doc, kind, fallback }]) => {
    const explained = comment(`${doc} (${kind})`);
    if (fallback === undefined) return `${explained}\n  // "${name}": ...`;
    const value = JSON.stringify(fallback, null, 2).replaceAll('\n', '\n  ');
    return `${explained}\n  "${name}": ${value},`;
  });
  const lastValue = entries.findLastIndex((entry) => entry.endsWith(','));
  const closed = entries.map((entry, at) => (at === lastValue ? entry.slice(0, -1) : entry));
  return `{\n${closed.join('\n\n')}\n}\n`;
}
