// Options of where and how files and index are kept, in the order of the printed default file.
import { bool, map, oneOf, text, unset, whole } from '../option.ts';
import { isContentType, isUserNumber } from '../shapes.ts';

export const storageOptions = {
  StorageDirectory: text(
    'PharosStorage',
    'Folder of the stored files; made where it does not exist. Only one server may use it at a time.',
  ),
  StorageCompression: bool(
    false,
    'Whether stored files are compressed (zlib). Saves space, costs processor time at each read.',
  ),
  MaximumStorageSize: whole(0, 'Largest size of all stored files in MB; 0 is no limit.'),
  MaximumPatientCount: whole(0, 'Largest number of stored patients; 0 is no limit.'),
  MaximumStorageMode: oneOf(
    ['Recycle', 'Reject'],
    'Recycle',
    'What happens at these limits: "Recycle" removes the oldest unprotected patients, "Reject" refuses new images.',
  ),
  StoreDicom: bool(true, 'Whether DICOM files are kept; false keeps the index alone.'),
  OverwriteInstances: oneOf(
    ['Never', 'Always', 'IfChanged'],
    'Never',
    'What happens when an image comes again: "Never" keeps the old one, "Always" replaces it, "IfChanged" replaces it where the files differ.',
    (value) => (typeof value === 'boolean' ? (value ? 'Always' : 'Never') : undefined),
  ),
  StoreMD5ForAttachments: bool(true, 'Whether the MD5 of each stored file is computed and kept.'),
  SyncStorageArea: bool(
    true,
    'Whether an image is on disk, safe from a power cut, before its arrival is acknowledged.',
  ),
  IndexDirectory: unset(text('', 'Folder of the index; that of the files unless set.')),
  TemporaryDirectory: unset(text('', 'Folder of large temporary files; that of the system unless set.')),
  UserMetadata: map(
    'a number from 1024 to 65535',
    'numbers from 1024 to 65535',
    isUserNumber,
  )({}, 'Names of own metadata: "name": number from 1024 to 65535.'),
  UserContentType: map(
    'a number from 1024 to 65535, or [number, MIME type]',
    'numbers from 1024 to 65535, or [number, MIME type]',
    isContentType,
  )({}, 'Names of own attachments: "name": number from 1024 to 65535, or [number, "MIME type"].'),
  SynchronousZipStream: bool(true, 'Whether archives are sent while they are made.'),
  ArchiveCompressionLevel: whole(
    4,
    'How hard archives are compressed, 0 (not at all) to 9; what is compressed already stays as it is. An option of Pharos.',
    0,
    9,
  ),
  ZipUseUtf8: bool(false, 'Whether names in archives are UTF-8; otherwise what is not ASCII is left out.'),
  MaximumStorageCacheSize: whole(128, 'MB of recently read files kept in memory; 0 keeps none.'),
  StorageLoaderThreadsCount: whole(4, 'How many stored files are read at the same time.'),
  StorageMemoryCapacity: whole(512, 'MB that files being read may take.'),
  MallocArenaMax: whole(5, 'Without effect here.'),
  MaximumConcurrentDcmtkTranscoders: whole(
    0,
    'How many transcodings run at the same time; 0 is one for each processor core.',
  ),
  DicomParserThreadsCount: whole(2, 'Shown in /system.'),
  DicomParserMemoryCapacity: whole(256, 'MB that files being parsed may take.'),
  DicomParserCacheSize: whole(256, 'MB of parsed headers kept in memory; 0 keeps none.'),
  TranscoderThreadsCount: whole(4, 'Threads that transcode.'),
  TranscoderMemoryCapacity: whole(256, 'MB that files being transcoded may take.'),
  TranscoderCacheSize: whole(256, 'MB of transcoded files kept in memory; 0 keeps none.'),
  DecodedFramesCacheSize: whole(
    128,
    'MB of decoded frames kept in memory, for the next picture of the same frame; 0 keeps none. An option of Pharos.',
  ),
  SequentialDicomReaderWindowSize: whole(4, 'How many files are read ahead in archives and transfers.'),
  SequentialDicomReaderWindowCapacity: whole(128, 'MB that they may take.'),
  SequentialDicomReaderThreadsCount: unset(
    whole(0, 'Readers of archives and transfers; as StorageLoaderThreadsCount unless set.'),
  ),
  LoaderThreads: unset(whole(0, 'Deprecated; without effect.')),
  ZipLoaderThreads: unset(whole(0, 'Deprecated; without effect.')),
} as const;
