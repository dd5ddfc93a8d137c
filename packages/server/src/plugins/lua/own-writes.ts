// Who has sent instances and then looks at the REST API sees what scripts have made of them. Orthanc's clients are used to that, since
// its requests wait for callbacks that run; here only those wait for whom it matters, and not for long.

export interface OwnWrites {
  readonly isEmpty: boolean;
  /** Scripts are to be told of an instance from this address. The result is to be called once they are. */
  begin(ip: string): () => void;
  /** Runs while a script waits for another server or program, which may well ask this one: it must not wait for the script.
   * @param longest milliseconds that anybody waits meanwhile */
  aside<T>(longest: number, work: () => Promise<T>): Promise<T>;
  /** Resolves when scripts know of all instances from this address, or when that takes too long. */
  settled(ip: string): Promise<void>;
}

interface Pending {
  count: number;
  /** Nobody waits for these any more. */
  isGivenUp: boolean;
  readonly over: PromiseWithResolvers<void>;
}

/** @param patience milliseconds that anybody waits, until scripts have caught up */
export function createOwnWrites(patience: number): OwnWrites {
  const pending = new Map<string, Pending>();

  /** What those under way allow to wait. */
  const asides = new Set<{ readonly longest: number }>();

  const end = (ip: string, of: Pending): void => {
    of.count -= 1;
    if (of.count > 0) return;
    pending.delete(ip);
    of.over.resolve();
  };

  return {
    get isEmpty() {
      return pending.size === 0;
    },
    begin(ip) {
      const mine = pending.get(ip) ?? { count: 0, isGivenUp: false, over: Promise.withResolvers<void>() };
      mine.count += 1;
      pending.set(ip, mine);
      return () => end(ip, mine);
    },
    async aside(longest, work) {
      const mine = { longest };
      asides.add(mine);
      try {
        return await work();
      } finally {
        asides.delete(mine);
      }
    },
    async settled(ip) {
      const mine = pending.get(ip);
      const longest = Math.min(patience, ...[...asides].map((aside) => aside.longest));
      if (!mine || mine.isGivenUp || longest === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        mine.isGivenUp = true;
        resolve();
      }, longest);
      await Promise.race([mine.over.promise, promise]);
      clearTimeout(timer);
    },
  };
}
