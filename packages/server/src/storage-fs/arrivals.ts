// Which blobs are on their way in just now: a write that waits a moment for them serves all of them.

/** A blob that is received. */
export interface Arrival {
  /** Some of its bytes came. */
  touch(): void;
  /** All of its bytes are here, or there will be no more. */
  end(): void;
}

export interface Arrivals {
  begin(): Arrival;
  /** Whether bytes of some blob that is not complete came within the last `milliseconds`. */
  isBusy(milliseconds: number): boolean;
}

export function createArrivals(): Arrivals {
  const lastTouched = new Map<Arrival, number>();
  return {
    begin() {
      const arrival: Arrival = {
        touch: () => void lastTouched.set(arrival, performance.now()),
        end: () => void lastTouched.delete(arrival),
      };
      return arrival;
    },
    isBusy(milliseconds) {
      const since = performance.now() - milliseconds;
      for (const time of lastTouched.values()) if (time > since) return true;
      return false;
    },
  };
}
