// A value that its representation cannot hold. Names no value: it may be a patient's.

export class ValueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ValueError';
  }
}
