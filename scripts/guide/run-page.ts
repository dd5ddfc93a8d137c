// Runs the commands of a page in one shell, one block after the other, and tells what each printed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Page, Step } from './page.ts';
import { outputDifference } from './shown-output.ts';

/** A line that no command prints. */
const end = 'the-block-ends-here';

/** Whether a program is here, by what it is called in the guide. */
const checks: Readonly<Record<string, string>> = { 'python3-numpy': "python3 -c 'import numpy'", unzip: 'unzip -v' };

function isHere(program: string): boolean {
  const command = checks[program];
  if (command === undefined) throw new Error(`nobody knows whether ${program} is here`);
  return spawnSync('/bin/sh', ['-c', command], { stdio: 'ignore' }).status === 0;
}

export interface Surroundings {
  /** Where the commands run. */
  readonly folder: string;
  /** Variables of the guide. */
  readonly variables: Readonly<Record<string, string>>;
}

/** @throws Error where a command fails: what the shell said */
async function outputsOf(steps: readonly Step[], { folder, variables }: Surroundings): Promise<readonly string[]> {
  const script = steps.map(({ commands }) => `${commands}\nprintf '\\n${end}\\n'\n`).join('');
  const child = spawn('/bin/sh', ['-e'], {
    cwd: folder,
    env: { ...process.env, ...variables, TCP_NODELAY: '1' },
    timeout: 120_000,
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString('utf8');
  });
  child.stderr.on('data', (piece: Buffer) => {
    errors += piece.toString('utf8');
  });
  child.stdin.end(script);
  const [code] = await once(child, 'close');
  const outputs = output.split(`\n${end}\n`).slice(0, -1);
  if (code === 0 && outputs.length === steps.length) return outputs;
  const failed = steps[outputs.length];
  throw new Error(`the commands at line ${failed?.line} end with ${code}:\n${failed?.commands}${output}\n${errors}`);
}

/** @throws Error where a command fails, or prints what the page does not show */
export async function runPage(page: Page, surroundings: Surroundings): Promise<void> {
  const steps = page.steps.filter(({ needs }) => needs === undefined || isHere(needs));
  const outputs = await outputsOf(steps, surroundings);
  for (const [index, { line, commands, shown }] of steps.entries()) {
    const difference = shown && outputDifference(shown.format, shown.content, outputs[index] ?? '');
    if (difference) throw new Error(`${page.name}, line ${line}:\n${commands}${difference}`);
  }
}
