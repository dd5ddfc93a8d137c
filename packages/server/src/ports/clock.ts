/** Time, so that tests can hold it still. */
export interface Clock {
  now(): Date;
}
