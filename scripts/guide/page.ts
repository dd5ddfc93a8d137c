// A page of the user guide: its commands, what it shows of their output, and the files that it gives.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const guide = join(import.meta.dirname, '..', '..', 'docs', 'user-guide');

/** A block of commands, and the output that the page shows for it. */
export interface Step {
  readonly line: number;
  readonly commands: string;
  /** A program that they need beyond those of the rest, as ```` ```sh unzip ```` says. */
  readonly needs: string | undefined;
  readonly shown: { readonly format: 'json' | 'text'; readonly content: string } | undefined;
}

export interface Page {
  readonly name: string;
  readonly source: string;
  readonly steps: readonly Step[];
  /** Content by name: blocks such as ```` ```json pharos.json ````. */
  readonly files: ReadonlyMap<string, string>;
}

const fence = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/**
 * `sh` is run; a word after it names a program, without which the test leaves the block out. A `json` or `text` block without a file name after it shows its output. Others, such as `console`, are not for the test.
 * @throws Error where an output follows no command
 */
export function readPage(name: string): Page {
  const source = readFileSync(join(guide, name), 'utf8');
  const steps: Step[] = [];
  const files = new Map<string, string>();
  for (const { index, 1: language = '', 2: file, 3: content = '' } of source.matchAll(fence)) {
    if (language === 'sh') {
      const line = source.slice(0, index).split('\n').length;
      steps.push({ line, commands: content, needs: file, shown: undefined });
    } else if (file !== undefined) files.set(file, content);
    else if (language === 'json' || language === 'text') {
      const last = steps.pop();
      if (!last || last.shown) throw new Error(`${name}: an output is shown that belongs to no command`);
      steps.push({ ...last, shown: { format: language, content } });
    }
  }
  return { name, source, steps, files };
}
