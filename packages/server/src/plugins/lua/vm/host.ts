// How the thread talks to the server: asking stops the thread until the answer is there. Calls of filters that come meanwhile are
// run at once, since what the script waits for may be waiting for them.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { HostAnswer, HostRequest, Order, Report, ThreadData } from '../messages.ts';

export interface Host {
  /** @throws Error with the reason where the server could not do it */
  ask(request: HostRequest): (HostAnswer & { readonly ok: true })['value'];
  tell(report: Report): void;
}

type Answer = Extract<Order, { kind: 'answer' }>;

/** @param serve runs an order that is no answer */
export function createHost(
  port: MessagePort,
  { orders, sleeps }: Pick<ThreadData, 'orders' | 'sleeps'>,
  serve: (order: Exclude<Order, Answer>) => void,
): Host {
  /** What came for calls further out while one further in was running. */
  const answers = new Map<number, HostAnswer>();
  let lastId = 0;

  const receive = (): void => {
    const seen = Atomics.load(orders, 0);
    const received = receiveMessageOnPort(port);
    if (!received) {
      Atomics.add(sleeps, 0, 1);
      Atomics.wait(orders, 0, seen);
      Atomics.add(sleeps, 0, 1);
      return;
    }
    // The server sends nothing else.
    const order: Order = received.message;
    if (order.kind === 'answer') answers.set(order.id, order.answer);
    else serve(order);
  };

  const tell = (report: Report): void => port.postMessage(report);

  return {
    tell,
    ask(request) {
      lastId += 1;
      const id = lastId;
      tell({ kind: 'ask', id, request });
      for (;;) {
        const answer = answers.get(id);
        if (!answer) {
          receive();
          continue;
        }
        answers.delete(id);
        if (answer.ok) return answer.value;
        throw new Error(answer.message);
      }
    },
  };
}
