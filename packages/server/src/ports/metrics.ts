// Figures of the running server, under Orthanc's names (`orthanc_...`).
export interface Metrics {
  isEnabled(): boolean;
  setEnabled(enabled: boolean): void;
  /** A cumulative counter. */
  add(name: string, amount: number): void;
  /** A level; what is shown is the highest of the last 10 seconds. */
  observe(name: string, value: number): void;
  /** Prometheus text format, time stamps in milliseconds. */
  text(): Promise<string>;
  /** A figure computed when it is asked for. */
  gauge(name: string, compute: () => number | Promise<number>): void;
}
