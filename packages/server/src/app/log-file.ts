// A log in a file. A line is written before the next thing happens, so that none is lost however the process ends.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface LogFile {
  write(line: string): void;
  close(): void;
}

/** A name in the folder that no other run has; the folder is made where it does not exist. */
export function newLogPath(folder: string, now: Date): string {
  mkdirSync(folder, { recursive: true });
  const time = now.toISOString().replace(/[-:]|\..*/g, '');
  return join(folder, `Pharos.log.${time}.${process.pid}`);
}

/**
 * Appends to the file. A full disk does not stop the server: `complain` is told once, and later lines are tried again.
 * @throws Error of the system where the file cannot be opened
 */
export function openLogFile(path: string, complain: (text: string) => void): LogFile {
  const file = openSync(path, 'a');
  let failing = false;
  return {
    write(line) {
      try {
        writeSync(file, line);
        failing = false;
      } catch (error) {
        if (!failing)
          complain(`The log cannot be written to ${path}: ${error instanceof Error ? error.message : error}\n`);
        failing = true;
      }
    },
    close: () => closeSync(file),
  };
}
