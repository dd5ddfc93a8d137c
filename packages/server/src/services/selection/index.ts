// Which instances a client means.
export { instancesOfGet, instancesOfMove } from './by-identifier.ts';
export {
  instancesBelow,
  type OutgoingDependencies,
  outgoingInstance,
  type Selection,
  selectInstances,
} from './selection.ts';
