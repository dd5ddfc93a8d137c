// What a callback has asked to be done with instances (SendToModality, Delete...), as operations of a job.
import { PharosError, type Settings } from '../../model/index.ts';
import type { ModificationRequest } from '../../services/edit/index.ts';
import type { Services } from '../../services/index.ts';
import { remoteModality } from '../../services/modalities/index.ts';
import type { Action, Operation } from '../../services/operations/index.ts';

export interface OperationWords {
  readonly modalities: Pick<Services['modalities'], 'get'>;
  readonly peers: Pick<Services['peers'], 'get'>;
  readonly settings: Pick<Settings, 'DicomAet' | 'DicomScuTimeout'>;
  /** Of the members Replace, Remove, RemovePrivateTags, Force. @throws PharosError that says what is wrong */
  readonly modification: (members: Readonly<Record<string, unknown>>) => ModificationRequest;
}

type Members = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isTable = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** An empty table is a list in JSON. */
const objectOf = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? {} : value);

function actionOf(wanted: Members, words: OperationWords): Action {
  const kind = textOf(wanted.Operation);
  switch (kind) {
    case 'delete':
      return { kind };
    case 'store-scu': {
      const name = textOf(wanted.Modality);
      const modality = words.modalities.get(name);
      if (!modality) throw new PharosError('InexistentItem', `SendToModality(): there is no modality "${name}"`);
      const remote = remoteModality(modality, words.settings);
      const localAet = textOf(wanted.LocalAet);
      return { kind, remote: localAet === '' ? remote : { ...remote, localAet } };
    }
    case 'store-peer': {
      const peer = textOf(wanted.Peer);
      if (!words.peers.get(peer)) throw new PharosError('InexistentItem', `SendToPeer(): there is no peer "${peer}"`);
      return { kind, peer };
    }
    case 'modify': {
      const { Replace = {}, Remove = [], RemovePrivateTags = false } = wanted;
      const isPrivateRemoved = RemovePrivateTags === true;
      const members = { Replace: objectOf(Replace), Remove, RemovePrivateTags: isPrivateRemoved, Force: true };
      return { kind, request: words.modification(members) };
    }
    case 'call-system': {
      const args = Array.isArray(wanted.Arguments) ? wanted.Arguments.map(String) : [];
      return { kind, command: textOf(wanted.Command), args };
    }
    default:
      throw new PharosError('ParameterOutOfRange', `There is no operation "${kind.slice(0, 64)}"`);
  }
}

/** @param json of a list. @throws PharosError InexistentItem, and what else is wrong with one of them */
export function readOperations(json: string, words: OperationWords): readonly Operation[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) throw new PharosError('LuaBadOutput', '_job must be a list of operations');
  return list.filter(isTable).map((wanted) => ({ resource: textOf(wanted.Resource), action: actionOf(wanted, words) }));
}
