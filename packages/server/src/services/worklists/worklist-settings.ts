// Section "Worklists" of the configuration.
import { PharosError } from '../../model/index.ts';

export interface WorklistSettings {
  readonly enable: boolean;
  /** '' is none. */
  readonly folder: string;
  /** The server keeps the entries itself: they are made through REST, and go when their study is there or they are old. */
  readonly isManaged: boolean;
  readonly saveInDatabase: boolean;
  /** Only entries for the calling application entity are found. */
  readonly filterIssuerAet: boolean;
  /** 0 is no limit. */
  readonly limitAnswers: number;
  readonly setStudyInstanceUid: boolean;
  readonly deleteOnStableStudy: boolean;
  /** Seconds between two looks for old entries. */
  readonly housekeepingInterval: number;
  /** Hours after which an entry goes; 0 is never. */
  readonly deleteDelay: number;
  readonly logMatchedIds: boolean;
}

type Section = Readonly<Record<string, unknown>>;

function wrong(name: string, kind: string): PharosError {
  return new PharosError('BadParameterType', `Option Worklists.${name} must be ${kind}`);
}

function flag(section: Section, name: string, absent: boolean): boolean {
  const value = section[name] ?? absent;
  if (typeof value === 'boolean') return value;
  throw wrong(name, 'true or false');
}

function count(section: Section, name: string, absent: number): number {
  const value = section[name] ?? absent;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(name, 'a whole number, 0 or more');
}

function text(section: Section, name: string): string {
  const value = section[name] ?? '';
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text');
}

/** @throws PharosError BadParameterType that names the option, and what to do */
export function readWorklistSettings(section: Section): WorklistSettings {
  const [database, directory] = [text(section, 'Database'), text(section, 'Directory')];
  const saveInDatabase = flag(section, 'SaveInOrthancDatabase', false);
  const enable = flag(section, 'Enable', false);
  if (enable && !saveInDatabase && database === '' && directory === '') {
    throw new PharosError(
      'BadParameterType',
      'Worklists.Enable needs a folder: set Worklists.Directory, or Worklists.SaveInOrthancDatabase to true',
    );
  }
  return {
    enable,
    folder: directory || database,
    isManaged: saveInDatabase || directory !== '',
    saveInDatabase,
    filterIssuerAet: flag(section, 'FilterIssuerAet', false),
    limitAnswers: count(section, 'LimitAnswers', 0),
    setStudyInstanceUid: flag(section, 'SetStudyInstanceUidIfMissing', true),
    deleteOnStableStudy: flag(section, 'DeleteWorklistsOnStableStudy', true),
    housekeepingInterval: count(section, 'HousekeepingInterval', 60),
    deleteDelay: count(section, 'DeleteWorklistsDelay', 24),
    logMatchedIds: flag(section, 'LogMatchedWorklistIds', false),
  };
}
