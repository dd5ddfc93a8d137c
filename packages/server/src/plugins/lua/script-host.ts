// What scripts ask of the server.
import type { LocalClient } from '../../http/index.ts';
import { isOrthancId, PharosError } from '../../model/index.ts';
import type { KeyValueStore, PeerNetwork } from '../../ports/index.ts';
import type { Stability } from '../../services/stability/index.ts';
import { runCommandLine } from './commands.ts';
import type { HostRequest } from './messages.ts';
import type { ThreadOptions } from './script-thread.ts';
import { fetchForScript } from './web-client.ts';

export interface ScriptHost {
  readonly rest: LocalClient;
  readonly network: Pick<PeerNetwork, 'open'>;
  readonly values: KeyValueStore;
  readonly stability: Pick<Stability, 'set'>;
  /** As it stands in the files, with what the environment adds. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

async function callRest({ rest }: ScriptHost, request: Extract<HostRequest, { kind: 'rest' }>): Promise<Uint8Array> {
  const { method, uri, headers, body } = request;
  const answer = await rest({ method, uri, headers, body });
  if (answer.status === 200) return answer.body;
  const why = Buffer.from(answer.body).toString('utf8', 0, 500);
  throw new Error(`HTTP status ${answer.status} of ${method} ${uri}${why === '' ? '' : `: ${why}`}`);
}

async function setStable({ stability }: ScriptHost, id: string, isStable: boolean): Promise<boolean> {
  const isChanged = isOrthancId(id) ? await stability.set(id, isStable) : undefined;
  if (isChanged === undefined) throw new PharosError('UnknownResource', id.slice(0, 64));
  return isChanged;
}

function checkStore(store: string): void {
  if (store === '') throw new PharosError('ParameterOutOfRange', 'The name of the store is empty');
}

export function createAnswer(host: ScriptHost): ThreadOptions['answer'] {
  return async (request) => {
    switch (request.kind) {
      case 'rest':
        return callRest(host, request);
      case 'http':
        return fetchForScript(host.network, request);
      case 'configuration':
        return JSON.stringify(host.configuration);
      case 'set-stable':
        return setStable(host, request.resource, request.isStable);
      case 'get-value':
        return host.values.keyValue(request.store, request.key);
      case 'set-value':
        checkStore(request.store);
        await host.values.setKeyValue(request.store, request.key, request.value);
        return undefined;
      case 'delete-value':
        await host.values.deleteKeyValue(request.store, request.key);
        return undefined;
      case 'command':
        return runCommandLine(request);
    }
  };
}
