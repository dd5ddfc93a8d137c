// What comes from the network on its way to whoever reads it: as much as fits is held, then the network waits.

export interface BoundedQueue<T> extends AsyncIterable<T> {
  /** A promise asks to push no more until it settles: when there is room again, or nobody reads any more. Never rejects. */
  push(item: T): Promise<void> | undefined;
  /** Nothing more comes; the reader is given what is held, then the failure, if any. */
  end(failure?: Error): void;
  /** Nobody reads any more: what is held and what comes is dropped. */
  leave(): void;
}

/** To be read once. @param limit what may be held, in the measure of `sizeOf`, before the network waits */
export function createBoundedQueue<T>(limit: number, sizeOf: (item: T) => number): BoundedQueue<T> {
  let items: T[] = [];
  let size = 0;
  let isLeft = false;
  let isEnded = false;
  let ending: Error | undefined;
  let wakeReader: () => void = () => {};
  let waiting: PromiseWithResolvers<void> | undefined;

  const makeRoom = (): void => {
    waiting?.resolve();
    waiting = undefined;
  };

  const leave = (): void => {
    isLeft = true;
    items = [];
    makeRoom();
    wakeReader();
  };

  async function* read(): AsyncGenerator<T> {
    try {
      while (!isLeft) {
        const [item] = items;
        if (items.length > 0 && item !== undefined) {
          items.shift();
          size -= sizeOf(item);
          if (size < limit) makeRoom();
          yield item;
        } else if (isEnded) {
          if (ending) throw ending;
          return;
        } else
          await new Promise<void>((resolve) => {
            wakeReader = resolve;
          });
      }
    } finally {
      leave();
    }
  }

  return {
    push(item) {
      if (isLeft || isEnded) return undefined;
      items.push(item);
      size += sizeOf(item);
      wakeReader();
      if (size < limit) return undefined;
      waiting ??= Promise.withResolvers();
      return waiting.promise;
    },
    end(failure) {
      if (isEnded) return;
      isEnded = true;
      ending = failure;
      makeRoom();
      wakeReader();
    },
    leave,
    [Symbol.asyncIterator]: read,
  };
}
