// An error that comes again as long as its cause stays, a full disk or a bad one: told once, and again after it was over.
import type { Logger } from '../ports/index.ts';

export interface RecurringError {
  tell(error: unknown): void;
  /** It went well. */
  over(): void;
}

/** Different reasons that are remembered. */
const remembered = 100;

export function createRecurringError(logger: Logger, message: string): RecurringError {
  const told = new Set<string>();
  return {
    tell(error) {
      const reason = String(error);
      if (told.has(reason)) return;
      if (told.size >= remembered) told.clear();
      told.add(reason);
      logger.error(message, { error });
    },
    over: () => told.clear(),
  };
}
