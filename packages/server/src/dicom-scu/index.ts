export { createModalityNetwork, type ModalityNetworkDeps } from './modality-network.ts';
export type { ReportTaker } from './normalised.ts';
