// Remote modalities and peers: their JSON forms and their registries.
export { parseModality, printModality } from './modality.ts';
export { parsePeer, printPeer } from './peer.ts';
export { createModalities, createPeers } from './registry.ts';
export { remoteModality } from './remote-modality.ts';
