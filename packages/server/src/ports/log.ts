// Logging. Messages say what happened, on what, and what to do; never patient data (identifiers of Orthanc are fine).
export const logCategories = ['generic', 'plugins', 'http', 'dicom', 'sqlite', 'jobs', 'lua'] as const;
export type LogCategory = (typeof logCategories)[number];

/** Orthanc's names: `default` shows warnings and errors, `verbose` adds information, `trace` everything. */
export type LogLevel = 'default' | 'verbose' | 'trace';

export interface Logger {
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  trace(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface Log {
  /** A logger for one category; cheap, keep it. */
  of(category: LogCategory): Logger;
  level(category: LogCategory): LogLevel;
  setLevel(level: LogLevel, category?: LogCategory): void;
}
