// Time as the network needs it: one shot after a delay, that can be called off.
export interface Timers {
  /** Runs after so many milliseconds unless the function it gives is called before. */
  after(milliseconds: number, run: () => void): () => void;
  /** Milliseconds from any fixed moment. */
  now(): number;
}

export const systemTimers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
};

/** Calls `expired` once when nothing touched it for so long. Touching is cheap: no timer is set for it. */
export interface InactivityTimer {
  touch(): void;
  /** While held, the time does not run. */
  hold(): void;
  /** Ends a hold; the time starts anew. */
  release(): void;
  stop(): void;
}

/** @param milliseconds 0 is never */
export function createInactivityTimer(timers: Timers, milliseconds: number, expired: () => void): InactivityTimer {
  let last = timers.now();
  let holds = 0;
  let cancel: (() => void) | undefined;
  const check = (): void => {
    const left = milliseconds - (timers.now() - last);
    if (holds > 0) cancel = timers.after(milliseconds, check);
    else if (left > 0) cancel = timers.after(left, check);
    else expired();
  };
  if (milliseconds > 0) cancel = timers.after(milliseconds, check);
  const touch = (): void => {
    last = timers.now();
  };
  return {
    touch,
    hold() {
      holds += 1;
    },
    release() {
      holds -= 1;
      touch();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
