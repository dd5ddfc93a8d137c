// Work that takes much memory while it lasts is done one after the other, however many ask for it at once.

export type OneByOne = <T>(work: () => Promise<T>) => Promise<T>;

/** A queue: each work begins when the one before it has ended, well or not. */
export function createOneByOne(): OneByOne {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    const ended = () => {};
    last = turn.then(ended, ended);
    return turn;
  };
}
