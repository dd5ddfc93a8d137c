// What every example does the same way: help, errors in words, exit codes, an end on Ctrl-C and SIGTERM.
import { PharosClientError, PharosJobError } from '@pharos/client';

export interface ExampleInput {
  readonly args: string[];
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** A line of progress. */
  say(text: string): void;
  /** A line about something that failed. */
  complain(text: string): void;
}

/** Wrong arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const exitCodes = { failed: 1, usage: 2, interrupted: 130 };

function isUsage(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** The stack only of what nobody expected; errors of the system have a code and say enough. */
export function explained(error: unknown): string {
  if (error instanceof PharosClientError || error instanceof PharosJobError) return error.message;
  if (!(error instanceof Error)) return String(error);
  // A body that breaks off.
  if (error.cause instanceof Error) return `${error.message}: ${error.cause.message}`;
  return isUsage(error) || 'code' in error ? error.message : (error.stack ?? error.message);
}

/** Runs an example; it resolves to whether all went well. Sets the exit code of the process: 0, 1, 2 for wrong arguments, 130. */
export async function runExample(help: string, act: (input: ExampleInput) => Promise<boolean>): Promise<void> {
  const args = process.argv.slice(2);
  const say = (text: string) => console.log(text);
  const complain = (text: string) => console.error(text);
  if (args.includes('--help') || args.includes('-h')) return say(help.trim());
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  try {
    const wentWell = await act({ args, signal: interruption.signal, say, complain });
    if (!wentWell) process.exitCode = exitCodes.failed;
  } catch (error) {
    if (interruption.signal.aborted) {
      complain('Interrupted. Run it again to go on.');
      process.exitCode = exitCodes.interrupted;
      return;
    }
    complain(isUsage(error) ? `${explained(error)}\nTry --help.` : explained(error));
    process.exitCode = isUsage(error) ? exitCodes.usage : exitCodes.failed;
  }
}

/** The whole number of an option. @throws UsageError */
export function countOption(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} must be a whole number above 0, not "${text}"`);
}
