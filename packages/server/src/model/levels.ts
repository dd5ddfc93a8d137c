// The four levels of the DICOM information model as the server indexes it (PS3.4 C.6.1), with Orthanc's names for them.
export const levels = ['Patient', 'Study', 'Series', 'Instance'] as const;

export type Level = (typeof levels)[number];

export function isLevel(value: unknown): value is Level {
  return levels.some((level) => level === value);
}

/** Orthanc's number of a level: Patient 1 ... Instance 4. Also the number kept in the index. */
export const levelNumber: Readonly<Record<Level, number>> = { Patient: 1, Study: 2, Series: 3, Instance: 4 };

/** First segment of the REST path of each level. */
export const levelPath: Readonly<Record<Level, string>> = {
  Patient: 'patients',
  Study: 'studies',
  Series: 'series',
  Instance: 'instances',
};

const parents: Readonly<Record<Level, Level | undefined>> = {
  Patient: undefined,
  Study: 'Patient',
  Series: 'Study',
  Instance: 'Series',
};

const children: Readonly<Record<Level, Level | undefined>> = {
  Patient: 'Study',
  Study: 'Series',
  Series: 'Instance',
  Instance: undefined,
};

export function parentLevel(level: Level): Level | undefined {
  return parents[level];
}

export function childLevel(level: Level): Level | undefined {
  return children[level];
}

/** True where `level` stands above `other`: a patient is above a study. */
export function isAbove(level: Level, other: Level): boolean {
  return levelNumber[level] < levelNumber[other];
}

/** The level of Orthanc's number, or undefined. */
export function levelOfNumber(number: number): Level | undefined {
  return levels[number - 1];
}

const spellings: Readonly<Record<string, Level>> = {
  patient: 'Patient',
  patients: 'Patient',
  study: 'Study',
  studies: 'Study',
  series: 'Series',
  instance: 'Instance',
  instances: 'Instance',
  image: 'Instance',
  images: 'Instance',
};

/** Reads any spelling that Orthanc accepts, in any case (`Studies`, `IMAGE`); undefined for others. */
export function parseLevel(text: string): Level | undefined {
  return Object.hasOwn(spellings, text.toLowerCase()) ? spellings[text.toLowerCase()] : undefined;
}
