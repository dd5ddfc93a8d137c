export { createModalityNetwork, type ModalityNetworkDeps } from './modality-network.ts';
