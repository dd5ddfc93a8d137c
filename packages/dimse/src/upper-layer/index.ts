export * from './connection.ts';
export {
  type Action,
  type Effect,
  type Event,
  type Facts,
  type State,
  states,
  type Transition,
  transitionOf,
} from './state-table.ts';
export { createInactivityTimer, type InactivityTimer, systemTimers, type Timers } from './timers.ts';
export {
  type AbortCause,
  createUpperLayer,
  type UpperLayer,
  type UpperLayerOptions,
  type UpperLayerUser,
} from './upper-layer.ts';
