export type { ModalityNetworkDeps } from './association.ts';
export { createModalityNetwork } from './modality-network.ts';
