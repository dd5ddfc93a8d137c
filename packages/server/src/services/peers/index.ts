// Peers: other servers with Orthanc's REST API.

export { peerBody } from './peer-body.ts';
export { checkStatus, requestPeer } from './peer-request.ts';
export {
  createPeerStoreJob,
  type PeerStoreDependencies,
  type PeerStoreInput,
  peerStoreJobType,
} from './peer-store-job.ts';
