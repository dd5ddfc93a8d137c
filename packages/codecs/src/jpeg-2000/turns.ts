// Threads that decode the blocks of one image together: in memory that they share, each takes the next one that nobody has taken.

/** Numbers of the head: the next turn, and of each turn whether it is done. */
const headNumbers = 1024;

export interface Turns {
  /** Of all blocks, one after the other. */
  readonly coefficients: Int32Array;
  /** `work` is called for each turn that nobody else has taken. */
  take(turns: number, work: (turn: number) => void): void;
  /** And for each that nobody has done yet: perhaps once more than needed, but nobody waits for others. */
  finish(turns: number, work: (turn: number) => void): void;
}

/** At most so many turns. */
export const mostTurns = headNumbers - 1;

/** Images of more samples are left to the library, which needs less memory. */
export const mostSamples = 2 ** 26;
/** Smaller ones are done before help comes. */
const fewestSamples = 2 ** 14;

/** @param samples of the image, all components. @returns 0 where one thread had better do it alone */
export function sharedBytes(samples: number): number {
  if (samples < fewestSamples || samples > mostSamples) return 0;
  return (headNumbers + samples) * Int32Array.BYTES_PER_ELEMENT;
}

/** Memory of an image of so many samples beside its bytes, whoever helps: coefficients, shared or not, and what is made of them. */
export function workBytes(samples: number): number {
  return (headNumbers + 2 * samples) * Int32Array.BYTES_PER_ELEMENT;
}

export function createTurns(memory: SharedArrayBuffer): Turns {
  const head = new Int32Array(memory, 0, headNumbers);
  const take = (turns: number, work: (turn: number) => void): void => {
    for (let turn = Atomics.add(head, 0, 1); turn < turns; turn = Atomics.add(head, 0, 1)) {
      work(turn);
      Atomics.store(head, turn + 1, 1);
    }
  };
  return {
    coefficients: new Int32Array(memory, headNumbers * Int32Array.BYTES_PER_ELEMENT),
    take,
    finish(turns, work) {
      take(turns, work);
      for (let turn = 0; turn < turns; turn++) if (Atomics.load(head, turn + 1) === 0) work(turn);
    },
  };
}
