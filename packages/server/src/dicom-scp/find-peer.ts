// A peer that makes C-FIND requests and looks at every answer, reads when it likes and cancels when it likes. For tests.
import { createDataSet, type DataSet, type ElementInit, encodeDataSet, parseDataSet } from '@pharos/dicom';
import {
  CommandField,
  type CommandSet,
  createMessageReader,
  createMessageWriter,
  createPduReader,
  dicomApplicationContext,
  encodePdu,
  noDataSet,
  statusClassOf,
  type Transport,
  withDataSet,
} from '@pharos/dimse';

export const patientRoot = '1.2.840.10008.5.1.4.1.2.1.1';
export const studyRoot = '1.2.840.10008.5.1.4.1.2.2.1';

export interface FindAnswer {
  readonly response: CommandSet;
  readonly dataSet: DataSet | undefined;
}

export interface FindPeer {
  /** Transfer syntax of the context; '' where it was not accepted. */
  readonly transferSyntax: string;
  /** Everything that was answered so far. */
  readonly answers: readonly FindAnswer[];
  send(identifier: Uint8Array | readonly ElementInit[]): Promise<void>;
  cancel(): Promise<void>;
  /** Resolves with the final response, or 'aborted'. */
  readonly final: Promise<CommandSet | 'aborted'>;
  pause(): void;
  resume(): void;
  destroy(): void;
}

export interface FindPeerOptions {
  readonly sopClassUid?: string;
  readonly transferSyntaxes?: readonly string[];
  /** Told of every pending answer when it came. */
  readonly pending?: (answers: number) => void;
}

const contextId = 1;
const messageId = 7;

export async function openFindPeer(transport: Transport, options: FindPeerOptions = {}): Promise<FindPeer> {
  const sopClassUid = options.sopClassUid ?? studyRoot;
  const connection = await transport.connect({ host: '', port: 104, timeout: 0 });
  const answers: FindAnswer[] = [];
  const accepted = Promise.withResolvers<string>();
  const final = Promise.withResolvers<CommandSet | 'aborted'>();
  let transferSyntax = '';

  const answered = (response: CommandSet, bytes: readonly Uint8Array[]): void => {
    const dataSet = bytes.length > 0 ? parseDataSet(Buffer.concat(bytes), transferSyntax).dataSet : undefined;
    answers.push({ response, dataSet });
    if (statusClassOf(response.Status ?? 0) === 'pending') options.pending?.(answers.length);
    else final.resolve(response);
  };
  const reader = createMessageReader(() => true, {
    command(_contextId, response) {
      const bytes: Uint8Array[] = [];
      if (response.CommandDataSetType === noDataSet) answered(response, bytes);
      return { push: (chunk) => void bytes.push(chunk.slice()), end: () => answered(response, bytes) };
    },
    violation: (_reason, message) => final.reject(new Error(message)),
  });
  const pdus = createPduReader(
    { associateBytes: 10_000, dataBytes: 16384 },
    {
      control(pdu) {
        if (pdu.kind === 'A-ASSOCIATE-AC') {
          const [context] = pdu.contexts;
          transferSyntax = context?.result === 0 ? context.transferSyntax : '';
          accepted.resolve(transferSyntax);
        } else if (pdu.kind === 'A-ABORT') final.resolve('aborted');
      },
      data() {},
      piece: (...piece) => reader.piece(...piece),
      malformed: ({ message }) => final.reject(new Error(message)),
    },
  );
  connection.start({ data: (chunk) => void pdus.push(chunk), closed: () => final.resolve('aborted') });
  connection.write([
    encodePdu({
      kind: 'A-ASSOCIATE-RQ',
      protocolVersion: 1,
      calledAet: 'PHAROS',
      callingAet: 'FINDER',
      applicationContext: dicomApplicationContext,
      contexts: [
        {
          id: contextId,
          abstractSyntax: sopClassUid,
          transferSyntaxes: options.transferSyntaxes ?? ['1.2.840.10008.1.2'],
        },
      ],
      user: { maximumPduLength: 16384, roles: [] },
    }),
  ]);
  await accepted.promise;
  const writer = createMessageWriter({ peerMaximum: 16384, send: (chunks) => void connection.write(chunks) });
  return {
    transferSyntax,
    answers,
    final: final.promise,
    send(identifier) {
      const data =
        identifier instanceof Uint8Array ? identifier : encodeDataSet(createDataSet(identifier), transferSyntax);
      const request = {
        AffectedSOPClassUID: sopClassUid,
        CommandField: CommandField.cFind,
        MessageID: messageId,
        Priority: 0,
        CommandDataSetType: withDataSet,
      };
      return writer.send(contextId, request, [data]);
    },
    cancel: () =>
      writer.send(contextId, {
        CommandField: CommandField.cCancel,
        MessageIDBeingRespondedTo: messageId,
        CommandDataSetType: noDataSet,
      }),
    pause: connection.pause,
    resume: connection.resume,
    destroy: connection.destroy,
  };
}
