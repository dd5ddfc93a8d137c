export { createModalityNetwork, type ModalityNetworkDeps } from './modality-network.ts';
export type { TakeReport } from './normalised.ts';
