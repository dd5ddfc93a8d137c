// Figures as the tables show them; those of a server that is not there are a dash.

export function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

export const shown = (value: number | undefined): string => (value === undefined ? '-' : value.toPrecision(3));

/** How many times `a` is `b`. */
export const ratio = (a: number | undefined, b: number | undefined): string =>
  a === undefined || b === undefined ? '-' : `${(a / b).toFixed(2)}x`;
