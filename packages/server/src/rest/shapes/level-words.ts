// How the four levels are called in the REST API.
import { type Level, PharosError, type Settings } from '../../model/index.ts';

/** First segment of the path. */
export const segments = { Patient: 'patients', Study: 'studies', Series: 'series', Instance: 'instances' } as const;

/** One of them. */
export const singular = { Patient: 'patient', Study: 'study', Series: 'series', Instance: 'instance' } as const;

/** Section of the documentation. */
export const sections = { Patient: 'Patients', Study: 'Studies', Series: 'Series', Instance: 'Instances' } as const;

/** Where PatientLevelEnabled is off, the server has no routes of patients. @throws PharosError UnknownResource */
export function requireLevel(settings: Pick<Settings, 'PatientLevelEnabled'>, level: Level): void {
  if (level === 'Patient' && !settings.PatientLevelEnabled) throw new PharosError('UnknownResource');
}
