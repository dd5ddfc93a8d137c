// Instances that come by C-STORE because this server asked for them by C-MOVE: the peer repeats who asked, and in which message
// (PS3.7 9.1.1.1.6, 9.1.1.1.7).
import type { OrthancId } from '../../model/index.ts';
import type { IngestEvents } from '../ingest/index.ts';

/** A C-MOVE that is about to be asked for. */
export interface ExpectedMove {
  /** Of the request; no other that is under way has it. */
  readonly messageId: number;
  /** What was stored so far. */
  readonly received: readonly OrthancId[];
  /** Nothing more is expected. */
  end(): void;
}

export interface MoveArrivals {
  /** @param aet the title that asks */
  expect(aet: string): ExpectedMove;
}

const highestMessageId = 0xffff;

interface Expectation {
  readonly aet: string;
  readonly received: OrthancId[];
}

const comparable = (aet: string): string => aet.trim().toUpperCase();

export function createMoveArrivals(events: IngestEvents): MoveArrivals {
  const expected = new Map<number, Expectation>();
  let last = 0;

  events.onStored.add(({ origin: { moveOriginator }, result }) => {
    const expectation = moveOriginator && expected.get(moveOriginator.messageId);
    if (expectation?.aet === comparable(moveOriginator?.aet ?? '')) expectation?.received.push(result.ids.instance);
  });

  return {
    expect(aet) {
      do last = (last % highestMessageId) + 1;
      while (expected.has(last) && expected.size < highestMessageId);
      const messageId = last;
      const expectation: Expectation = { aet: comparable(aet), received: [] };
      expected.set(messageId, expectation);
      return { messageId, received: expectation.received, end: () => void expected.delete(messageId) };
    },
  };
}
