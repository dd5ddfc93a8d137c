// Which instances a client means.
export { instancesOfGet, instancesOfMove } from './by-identifier.ts';
export { instancesBelow, outgoingInstance, type Selection, selectInstances } from './selection.ts';
