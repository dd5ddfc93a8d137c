// The filters of scripts as the services know them: a member is there while a script defines its callback.
import { type Dictionary, formatTag, type Tag } from '@pharos/dicom';
import type { Screen, Visit } from '../../http/index.ts';
import { type Origin, PharosError } from '../../model/index.ts';
import type { Filters, FindPeer, InstanceView, KeyTexts, Refusal } from '../../ports/index.ts';
import type { FilterName } from './callbacks.ts';
import type { Engine } from './engine.ts';
import type { OwnWrites } from './own-writes.ts';

/** An origin as scripts see it. */
export function originTable({
  origin,
  remoteIp,
  remoteAet,
  calledAet,
  httpUsername,
}: Origin): Readonly<Record<string, string>> {
  switch (origin) {
    case 'DicomProtocol':
      return {
        RequestOrigin: origin,
        RemoteIp: remoteIp ?? '',
        RemoteAet: remoteAet ?? '',
        CalledAet: calledAet ?? '',
      };
    case 'RestApi':
      return { RequestOrigin: origin, RemoteIp: remoteIp ?? '', Username: httpUsername ?? '' };
    default:
      return { RequestOrigin: origin };
  }
}

const peerTable = ({ aet, ip, calledAet, manufacturer }: FindPeer): Readonly<Record<string, string>> => ({
  RemoteIp: ip,
  RemoteAet: aet,
  CalledAet: calledAet,
  Manufacturer: manufacturer,
});

const keyTable = (keys: KeyTexts): Readonly<Record<string, string>> =>
  Object.fromEntries([...keys].map(([tag, value]) => [formatTag(tag), value]));

/** @throws PharosError LuaBadOutput, UnknownDicomTag */
function keysOf(table: unknown, dictionary: Dictionary): KeyTexts {
  const keys = new Map<Tag, string>();
  for (const [name, value] of Object.entries(table ?? {})) {
    if (typeof value !== 'string') {
      throw new PharosError('LuaBadOutput', 'The table that is returned must map DICOM tags to strings');
    }
    const tag = dictionary.findTag(name);
    if (tag === undefined) throw new PharosError('UnknownDicomTag', `Unknown DICOM tag: ${name.slice(0, 64)}`);
    keys.set(tag, value);
  }
  return keys;
}

const isTable = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** An item of a sequence that has no elements: an empty table is a list in JSON. */
function itemOf(item: unknown): unknown {
  if (!isTable(item)) return item;
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, Array.isArray(value) ? value.map(itemOf) : value]),
  );
}

/** @throws PharosError ParameterOutOfRange */
function dimseStatusOf(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 0xffff) return value;
  throw new PharosError('ParameterOutOfRange', 'ReceivedCStoreInstanceFilter() must return a status from 0 to 0xFFFF');
}

export interface FilterOptions {
  readonly engine: Engine;
  readonly dictionary: Dictionary;
  readonly ownWrites: OwnWrites;
}

export function createFilters({ engine, dictionary, ownWrites }: FilterOptions): Filters & Screen {
  const where = <T>(name: FilterName, filter: T): T | undefined => (engine.isDefined(name) ? filter : undefined);
  const isAccepted = async (name: FilterName, args: readonly unknown[]): Promise<boolean> =>
    (await engine.ask(name, args, 'predicate')) !== false;

  const receivedInstance = async (view: InstanceView, origin: Origin): Promise<Refusal | undefined> => {
    const info = { HasPixelData: view.hasPixelData, TransferSyntaxUID: view.transferSyntax };
    const args = [JSON.parse(view.tags), originTable(origin), info];
    if (engine.isDefined('ReceivedInstanceFilter') && !(await isAccepted('ReceivedInstanceFilter', args))) {
      return { dimseStatus: 0 };
    }
    if (origin.origin !== 'DicomProtocol' || !engine.isDefined('ReceivedCStoreInstanceFilter')) return undefined;
    const dimseStatus = dimseStatusOf((await engine.ask('ReceivedCStoreInstanceFilter', args, 'integer')) ?? 0);
    return dimseStatus === 0 ? undefined : { dimseStatus };
  };
  const sentInstance = (tags: string, to: { readonly aet: string; readonly host: string }): Promise<boolean> =>
    isAccepted('OutgoingCStoreInstanceFilter', [JSON.parse(tags), { RemoteIp: to.host, RemoteAet: to.aet }]);
  const filteredKeys = async (name: FilterName, keys: KeyTexts, about: unknown): Promise<KeyTexts> => {
    const table = await engine.ask(name, [keyTable(keys), about], 'table');
    return table === null ? keys : keysOf(table, dictionary);
  };
  const receivedFind = (keys: KeyTexts, peer: FindPeer): Promise<KeyTexts> =>
    filteredKeys('IncomingFindRequestFilter', keys, peerTable(peer));
  const receivedWorklistFind = async (query: unknown, peer: FindPeer): Promise<object> => {
    const table = await engine.ask('IncomingWorklistRequestFilter', [query, peerTable(peer)], 'table');
    const filtered = itemOf(table ?? query);
    return isTable(filtered) ? filtered : {};
  };
  const sentFind = (keys: KeyTexts, aet: string): Promise<KeyTexts> =>
    filteredKeys('OutgoingFindRequestFilter', keys, aet);
  const httpRequest = async ({ method, path, remoteIp, username, headers }: Visit): Promise<boolean> => {
    if (method === 'GET') await ownWrites.settled(remoteIp);
    if (!engine.isDefined('IncomingHttpRequestFilter')) return true;
    return isAccepted('IncomingHttpRequestFilter', [method, path, remoteIp, username ?? '', headers]);
  };

  return {
    get receivedInstance() {
      return (
        where('ReceivedInstanceFilter', receivedInstance) ?? where('ReceivedCStoreInstanceFilter', receivedInstance)
      );
    },
    get sentInstance() {
      return where('OutgoingCStoreInstanceFilter', sentInstance);
    },
    get receivedFind() {
      return where('IncomingFindRequestFilter', receivedFind);
    },
    get receivedWorklistFind() {
      return where('IncomingWorklistRequestFilter', receivedWorklistFind);
    },
    get sentFind() {
      return where('OutgoingFindRequestFilter', sentFind);
    },
    get httpRequest() {
      return ownWrites.isEmpty ? where('IncomingHttpRequestFilter', httpRequest) : httpRequest;
    },
  };
}
