// GET /system: what this server is and can, as Orthanc 1.13 says it, with our own version beside.
import { json, routeFor, Type } from '../http/index.ts';
import { isHttpSecure, type Settings } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import { compatibleApiVersion, compatibleDatabaseVersion, compatibleVersion, pharosVersion } from './version.ts';

const route = routeFor<Services>();

/** What Orthanc 1.13 can do with SQLite. Clients choose their requests by it. */
const capabilities = {
  HasExtendedChanges: true,
  HasExtendedFind: true,
  HasKeyValueStores: true,
  HasQueues: true,
  HasReserveQueueValue: true,
};

function performanceOf(settings: Settings) {
  return {
    ConcurrentJobs: settings.ConcurrentJobs,
    DicomParserCacheSize: settings.DicomParserCacheSize,
    DicomParserMemoryCapacity: settings.DicomParserMemoryCapacity,
    DicomParserThreadsCount: settings.DicomParserThreadsCount,
    DicomThreadsCount: settings.DicomThreadsCount,
    HttpThreadsCount: settings.HttpThreadsCount,
    MaximumStorageCacheSize: settings.MaximumStorageCacheSize,
    SequentialDicomReaderThreadsCount: settings.SequentialDicomReaderThreadsCount,
    StorageLoaderThreadsCount: settings.StorageLoaderThreadsCount,
    StorageMemoryCapacity: settings.StorageMemoryCapacity,
    TranscoderCacheSize: settings.TranscoderCacheSize,
    TranscoderMemoryCapacity: settings.TranscoderMemoryCapacity,
    TranscoderThreadsCount: settings.TranscoderThreadsCount,
  };
}

function configured(settings: Settings) {
  return {
    CheckRevisions: settings.CheckRevisions,
    DatabaseServerIdentifier: settings.DatabaseServerIdentifier,
    DicomAet: settings.DicomAet,
    DicomDefaultRetrieveMethod: settings.DicomDefaultRetrieveMethod,
    DicomPort: settings.DicomPort,
    HttpPort: settings.HttpPort,
    IngestTranscoding: settings.IngestTranscoding ?? '',
    IsHttpServerSecure: isHttpSecure(settings),
    MaximumPatientCount: settings.MaximumPatientCount,
    MaximumStorageMode: settings.MaximumStorageMode,
    MaximumStorageSize: settings.MaximumStorageSize,
    Name: settings.Name,
    OverwriteInstances: settings.OverwriteInstances !== 'Never',
    OverwriteInstancesMode: settings.OverwriteInstances,
    PatientLevelEnabled: settings.PatientLevelEnabled,
    ReadOnly: settings.ReadOnly,
    StorageCompression: settings.StorageCompression,
    StoreMD5ForAttachments: settings.StoreMD5ForAttachments,
  };
}

export const systemRoutes = [
  route({
    method: 'GET',
    path: '/system',
    summary: 'What this server is and can',
    tag: 'System',
    reply: Type.Object({ Version: Type.String(), ApiVersion: Type.Integer(), PharosVersion: Type.String() }),
    handler: (_request, { settings, mainTags, metadataTypes }) =>
      json({
        ...configured(settings),
        ApiVersion: compatibleApiVersion,
        Capabilities: capabilities,
        DatabaseBackendPlugin: null,
        DatabaseVersion: compatibleDatabaseVersion,
        HasLabels: true,
        MainDicomTags: mainTags.signatures,
        Performance: performanceOf(settings),
        PharosVersion: pharosVersion,
        PluginsEnabled: true,
        StorageAreaPlugin: null,
        ThirdPartyPatches: [],
        ThirdPartyVersions: {
          'Node.js': process.versions.node,
          OpenSSL: process.versions.openssl,
          SQLite: process.versions.sqlite,
          zlib: process.versions.zlib,
        },
        UserMetadata: metadataTypes.userNames,
        Version: compatibleVersion,
      }),
  }),
];
