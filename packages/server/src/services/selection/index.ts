// Which instances a client means.
export { instancesBelow, outgoingInstance, type Selection, selectInstances } from './selection.ts';
