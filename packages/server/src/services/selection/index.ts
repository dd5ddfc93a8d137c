// Which instances a client means.
export { instancesOfGet, instancesOfMove } from './by-identifier.ts';
export {
  InstanceReplaced,
  type OutgoingDependencies,
  type OutgoingSequence,
  outgoingInstance,
  outgoingSequence,
  sendPresent,
} from './outgoing.ts';
export { instancesBelow, type Selection, selectInstances } from './selection.ts';
