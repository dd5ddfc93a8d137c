// The one list of all options: name, kind, default and explanation.
import type { Settings } from '../../model/index.ts';
import type { Option } from '../option.ts';
import { dicomOptions } from './dicom.ts';
import { generalOptions } from './general.ts';
import { httpOptions } from './http.ts';
import { jobsOptions } from './jobs.ts';
import { storageOptions } from './storage.ts';

export const options = {
  ...generalOptions,
  ...storageOptions,
  ...httpOptions,
  ...dicomOptions,
  ...jobsOptions,
} satisfies { readonly [Name in keyof Settings]: Option<Settings[Name] | undefined> };

export type OptionName = keyof typeof options;

/** What the files say, with the fallbacks of the options, before values are computed from others. */
export type DeclaredSettings = {
  readonly [Name in OptionName]: ReturnType<(typeof options)[Name]['read']>;
};

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

/** Older spellings of options. */
export const aliases: Readonly<Record<string, OptionName>> = { RejectSopClasses: 'RejectedSopClasses' };

/** Sections of Orthanc's plug-ins, accepted so that its configuration files can be taken as they are. */
export const sections: readonly string[] = [
  'AdvancedStorage',
  'Authorization',
  'AwsS3Storage',
  'AzureBlobStorage',
  'ConnectivityChecks',
  'DelayedDeletion',
  'DicomWeb',
  'Education',
  'Gdcm',
  'GoogleCloudPlatform',
  'GoogleCloudStorage',
  'Housekeeper',
  'Indexer',
  'Java',
  'MultitenantDicom',
  'MySQL',
  'Neuro',
  'OHIF',
  'Odbc',
  'OrthancExplorer2',
  'PixelsMasker',
  'PostgreSQL',
  'Python',
  'PythonScript',
  'PythonVerbose',
  'STL',
  'ServeFolders',
  'StoneWebViewer',
  'Tcia',
  'Transfers',
  'VolView',
  'WebViewer',
  'WholeSlideImaging',
];
