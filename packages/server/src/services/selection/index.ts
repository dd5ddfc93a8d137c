// Which instances a client means.
export { instancesOfGet, instancesOfMove } from './by-identifier.ts';
export { type OutgoingDependencies, type OutgoingSequence, outgoingInstance, outgoingSequence } from './outgoing.ts';
export { instancesBelow, type Selection, selectInstances } from './selection.ts';
