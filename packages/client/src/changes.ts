// The log of changes as it grows.
import { pause } from './pause.ts';
import type { ReplyOf } from './route-types.ts';
import type { Change } from './shapes.ts';

export interface ChangesOptions {
  /** Changes a request, 100 unless told otherwise. */
  readonly limit?: number;
  /** Waits for more at the end of the log instead of ending. */
  readonly follow?: boolean;
  /** Milliseconds between two looks at the end of the log, a second unless told otherwise. */
  readonly pauseMs?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

type Page = ReplyOf<'/changes', 'get'>;

/** Where to go on: only what was seen is passed over, since a change may come while an empty page is on its way. */
function after(page: Page, since: number): number {
  return page.Changes.at(-1)?.Seq ?? (page.Done ? since : Math.max(page.Last, since));
}

/** Every change after `since`. */
export async function* changesAfter(
  look: (since: number, limit: number) => Promise<Page>,
  since: number,
  options: ChangesOptions = {},
): AsyncGenerator<Change, void, undefined> {
  const { limit = 100, follow = false, pauseMs = 1_000, signal } = options;
  let last = since;
  try {
    for (;;) {
      const page = await look(last, limit);
      for (const change of page.Changes) {
        if (signal?.aborted) return;
        yield change;
      }
      last = after(page, last);
      if (!page.Done) continue;
      if (!follow) return;
      await pause(pauseMs, signal);
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
