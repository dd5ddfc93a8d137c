// The DICOM network: upper layer (PS3.8), messages and services (PS3.7). Moves bytes and does not know storage.
export {
  type AcceptedContext,
  type AssociationInformation,
  type Implementation,
  normaliseAet,
  type PeerIdentity,
} from './association-information.ts';
export * from './messages/index.ts';
export * from './operations/index.ts';
export * from './pdu/index.ts';
export * from './scp/index.ts';
export * from './scu/index.ts';
export * from './transport/index.ts';
export * from './upper-layer/index.ts';
