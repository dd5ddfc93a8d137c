// The HTTP client of the server.
export { createPeerNetwork, type PeerNetworkDependencies } from './peer-network.ts';
