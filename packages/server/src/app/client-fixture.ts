// For tests of whole servers: a client of one, with answers as JSON.
import type { ServerProcess } from '@pharos/testkit';

export interface Answer {
  readonly status: number;
  readonly json: ReturnType<typeof JSON.parse>;
}

export type Ask = (method: string, path: string, body?: Uint8Array | object | string) => Promise<Answer>;

/** Bodies that are objects go as JSON. */
export function clientOf({ url }: Pick<ServerProcess, 'url'>): Ask {
  return async (method, path, body) => {
    const content = body instanceof Uint8Array || typeof body === 'string' ? body : body && JSON.stringify(body);
    const answer = await fetch(url + path, { method, body: content });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
  };
}

/** The job once it is over. */
export async function endOf(ask: Ask, job: string): Promise<Answer['json']> {
  for (;;) {
    const { json } = await ask('GET', `/jobs/${job}`);
    if (json.State === 'Success' || json.State === 'Failure') return json;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
