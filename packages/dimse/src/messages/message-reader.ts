// Puts messages together from presentation data values (PS3.7 8, PS3.8 E.2): a command set is gathered, a data set is passed on piece
// by piece to whoever the command's receiver names.
import { AbortReason, createByteCollector } from '../pdu/index.ts';
import { type CommandSet, decodeCommandSet, hasDataSet, maximumCommandBytes } from './command-set.ts';
import { isIdentified, mayLackDataSet } from './commands.ts';

/** Takes the data set that follows a command. */
export interface DataReceiver {
  /** A promise asks to be given no more until it settles. Never throws or rejects. */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** The data set is complete. */
  end(): void;
}

export interface MessageUser {
  /** A command came; gives the receiver of its data set, if one follows. A promise asks to be given nothing until it settles.
   * Without a receiver the data set is read and dropped. */
  command(contextId: number, command: CommandSet): DataReceiver | undefined | Promise<DataReceiver | undefined>;
  /** The peer broke the rules. `reason`: see `AbortReason`. */
  violation(reason: number, message: string): void;
}

export interface MessageReader {
  /** A piece of a presentation data value: see `PduReaderEvents`. */
  piece(contextId: number, control: number, bytes: Uint8Array, isEnd: boolean): Promise<void> | undefined;
}

/** @param isContext tells the presentation contexts that were accepted */
export function createMessageReader(isContext: (id: number) => boolean, user: MessageUser): MessageReader {
  const commandBytes = createByteCollector();
  let current: number | undefined;
  /** `data-or-command`: a data set was announced where there should be none, and nothing of it came yet. */
  let phase: 'command' | 'data' | 'data-or-command' | 'broken' = 'command';
  let receiver: DataReceiver | undefined;

  const violate = (message: string, reason: number = AbortReason.notSpecified): undefined => {
    phase = 'broken';
    user.violation(reason, message);
    return undefined;
  };

  const endOfCommand = (contextId: number): Promise<void> | undefined => {
    const command = decodeCommandSet(commandBytes.take());
    if (!command || !isIdentified(command))
      return violate('The peer sent a command set that cannot be read', AbortReason.invalidParameter);
    const follows = hasDataSet(command);
    if (mayLackDataSet(command)) phase = 'data-or-command';
    else phase = follows ? 'data' : 'command';
    current = follows ? contextId : undefined;
    const answer = user.command(contextId, command);
    if (!(answer instanceof Promise)) {
      receiver = follows ? answer : undefined;
      return undefined;
    }
    return answer.then((given) => {
      receiver = follows ? given : undefined;
    });
  };

  const commandPiece = (contextId: number, isLast: boolean, bytes: Uint8Array): Promise<void> | undefined => {
    if (phase === 'data') return violate('The peer sent a command inside a data set', AbortReason.unexpectedParameter);
    if (commandBytes.length + bytes.length > maximumCommandBytes)
      return violate('The peer sent a command set without end');
    commandBytes.append(bytes);
    return isLast ? endOfCommand(contextId) : undefined;
  };

  const dataPiece = (isLast: boolean, bytes: Uint8Array): Promise<void> | undefined => {
    if (phase === 'data-or-command') phase = 'data';
    if (phase === 'command')
      return violate('The peer sent a data set without a command', AbortReason.unexpectedParameter);
    const wait = bytes.length > 0 ? receiver?.push(bytes) : undefined;
    if (!isLast) return wait;
    const ended = receiver;
    phase = 'command';
    current = undefined;
    receiver = undefined;
    if (!wait) ended?.end();
    return wait?.then(() => ended?.end());
  };

  return {
    piece(contextId, control, bytes, isEnd) {
      if (phase === 'broken') return undefined;
      const isCommand = (control & 1) !== 0;
      if (phase === 'data-or-command' && isCommand) {
        phase = 'command';
        current = undefined;
        receiver = undefined;
      }
      if (!isContext(contextId))
        return violate(`The peer used presentation context ${contextId}, which was not accepted`);
      if (current !== undefined && current !== contextId)
        return violate('The peer changed the presentation context inside a message');
      current = contextId;
      const isLast = isEnd && (control & 2) !== 0;
      return isCommand ? commandPiece(contextId, isLast, bytes) : dataPiece(isLast, bytes);
    },
  };
}
