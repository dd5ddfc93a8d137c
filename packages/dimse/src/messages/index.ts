export {
  type CommandElements,
  type CommandSet,
  decodeCommandSet,
  encodeCommandSet,
  hasDataSet,
  maximumCommandBytes,
  noDataSet,
  withDataSet,
} from './command-set.ts';
export {
  CommandField,
  cancelRequest,
  echoRequest,
  isResponse,
  type MoveOriginator,
  mayLackDataSet,
  Priority,
  responseTo,
  type StoreCommand,
  storeRequest,
  verificationSopClass,
} from './commands.ts';
export {
  createDataFragmenter,
  type DataFragmenter,
  fragmentAtHand,
  fragmentLengthFor,
  fragmentWhole,
} from './fragments.ts';
export { createMessageReader, type DataReceiver, type MessageReader, type MessageUser } from './message-reader.ts';
export {
  createMessageWriter,
  type DataSource,
  type LentData,
  leaveData,
  type MessageWriter,
  type MessageWriterOptions,
} from './message-writer.ts';
export { actionRequest, eventReportRequest } from './normalised-commands.ts';
export {
  findRequest,
  getRequest,
  moveRequest,
  type QueryCommand,
  type RetrieveResponse,
  retrieveResponse,
  type SubOperations,
  subOperationsOf,
} from './query-commands.ts';
export { describeStatus, formatStatus, isStored, Status, type StatusClass, statusClassOf } from './status.ts';
