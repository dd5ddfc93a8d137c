// The table of each level.
import type { Level } from '../model/index.ts';

export const tableOf = {
  Patient: 'patient',
  Study: 'study',
  Series: 'series',
  Instance: 'instance',
} as const satisfies Record<Level, string>;

export type Table = (typeof tableOf)[Level];
