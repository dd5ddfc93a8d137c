// Options that are accepted because Orthanc has them, and that nothing looks at yet. Who sets one is told so at start.
import type { OptionName } from './index.ts';

export const withoutEffect: readonly OptionName[] = [
  'BuiltinDecoderTranscoderOrder',
  'DeidentifyLogs',
  'DeidentifyLogsDicomVersion',
  'DicomParserMemoryCapacity',
  'DicomParserThreadsCount',
  'DicomThreadsCount',
  'ExternalDictionaries',
  'JobsEngineThreadsCount',
  'LoaderThreads',
  'Locale',
  'MallocArenaMax',
  'MaximumConcurrentDcmtkTranscoders',
  'Plugins',
  'SequentialDicomReaderThreadsCount',
  'SequentialDicomReaderWindowCapacity',
  'SequentialDicomReaderWindowSize',
  'StorageLoaderThreadsCount',
  'StorageMemoryCapacity',
  'Warnings',
  'ZipLoaderThreads',
];
