// Orthanc's REST API: every route object of this folder, and the document that describes them.
import { json, openApi, type Route, routeFor } from '../http/index.ts';
import type { Settings } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import { archiveRoutes } from './archives.ts';
import { attachmentChangeRoutes } from './attachment-changes.ts';
import { attachmentRoutes } from './attachments.ts';
import { changeRoutes } from './changes.ts';
import { createDicomRoutes } from './create-dicom.ts';
import { deletionRoutes } from './deletion.ts';
import { findRoutes } from './find.ts';
import { instanceContentRoutes } from './instance-content.ts';
import { instanceFrameRoutes } from './instance-frames.ts';
import { instanceImageRoutes } from './instance-images.ts';
import { instanceUploadRoutes } from './instance-upload.ts';
import { jobRoutes } from './jobs.ts';
import { labelRoutes } from './labels.ts';
import { landingRoutes } from './landing.ts';
import { logRoutes } from './logs.ts';
import { metadataRoutes } from './metadata.ts';
import { metricRoutes } from './metrics.ts';
import { modalityRoutes } from './modalities.ts';
import { modalityFindRoutes } from './modality-find.ts';
import { modalityQueryRoutes } from './modality-query.ts';
import { modalityStoreRoutes } from './modality-store.ts';
import { modificationRoutes } from './modification.ts';
import { moduleRoutes } from './module.ts';
import { orderedSlicesRoutes } from './ordered-slices.ts';
import { peerRoutes } from './peers.ts';
import { pluginRoutes } from './plugins.ts';
import { queryRoutes } from './queries.ts';
import { reconstructRoutes } from './reconstruct.ts';
import { resourceRoutes } from './resources.ts';
import { statisticsRoutes } from './statistics.ts';
import { storageCommitmentRoutes } from './storage-commitment.ts';
import { systemRoutes } from './system.ts';
import { toolRoutes } from './tools.ts';
import { compatibleVersion, pharosVersion } from './version.ts';
import { webDavRoutes } from './webdav/index.ts';
import { worklistRoutes } from './worklists.ts';

export { retrieveContent } from './query-retrieval.ts';
export { modifyRequestOf } from './shapes/modification-body.ts';
export { compatibleVersion, pharosVersion } from './version.ts';

const description =
  `REST API of Pharos ${pharosVersion}, compatible with Orthanc ${compatibleVersion}. ` +
  'Bodies are read whatever their content type; arguments of the query are read for GET only.';

/** Every route there is. */
export const allRoutes: readonly Route<Services>[] = [
  ...systemRoutes,
  ...resourceRoutes,
  ...instanceUploadRoutes,
  ...instanceContentRoutes,
  ...instanceFrameRoutes,
  ...instanceImageRoutes,
  ...moduleRoutes,
  ...orderedSlicesRoutes,
  ...metadataRoutes,
  ...attachmentRoutes,
  ...attachmentChangeRoutes,
  ...reconstructRoutes,
  ...labelRoutes,
  ...findRoutes,
  ...archiveRoutes,
  ...modificationRoutes,
  ...createDicomRoutes,
  ...deletionRoutes,
  ...changeRoutes,
  ...statisticsRoutes,
  ...toolRoutes,
  ...logRoutes,
  ...metricRoutes,
  ...modalityRoutes,
  ...modalityStoreRoutes,
  ...modalityFindRoutes,
  ...modalityQueryRoutes,
  ...queryRoutes,
  ...peerRoutes,
  ...jobRoutes,
  ...worklistRoutes,
  ...storageCommitmentRoutes,
  ...pluginRoutes,
  ...landingRoutes,
  ...webDavRoutes,
];

function isServed(route: Route<Services>, settings: Settings): boolean {
  if (!settings.WebDavEnabled && webDavRoutes.includes(route)) return false;
  if (!settings.OrthancExplorerEnabled && landingRoutes.includes(route)) return false;
  return settings.PatientLevelEnabled || !route.path.startsWith('/patients');
}

/** The routes of a server with these settings, with `/openapi.json` about them. */
export function routesFor(settings: Settings): readonly Route<Services>[] {
  const routes = allRoutes.filter((route) => isServed(route, settings));
  const route = routeFor<Services>();
  const document = route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    tag: 'System',
    reply: 'application/json',
    handler: () => json(openApi(routes, { title: 'Pharos', version: pharosVersion, description })),
  });
  return [...routes, document];
}
