// Sending stored instances to a peer, as a job: POST /instances for each, over one connection.
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { PeerNetwork, PeerSession } from '../../ports/index.ts';
import {
  createInstanceSetJob,
  type InstanceSet,
  isCount,
  isMembers,
  isText,
  type Job,
  type JobContent,
  type JobContext,
  type JobStep,
  type JobType,
  readInstanceSet,
  runOver,
  unreadable,
} from '../jobs/index.ts';
import { type OutgoingDependencies, outgoingInstance } from '../selection/index.ts';
import type { Peer, Registry } from '../services.ts';
import { type PeerBodyOptions, peerBody } from './peer-body.ts';
import { checkStatus, describePeer } from './peer-request.ts';

export interface PeerStoreDependencies extends OutgoingDependencies {
  readonly peerNetwork: PeerNetwork;
  readonly peers: Pick<Registry<Peer>, 'get'>;
}

export interface PeerStoreInput extends InstanceSet, PeerBodyOptions {
  /** Name of the peer: what it takes to reach it is looked up when the job runs, and not kept with it. */
  readonly peer: string;
}

const type = 'OrthancPeerStore';
const version = 1;
const bytesOfMega = 1024 * 1024;

/** @param kept the state to go on from; undefined: the beginning. @throws PharosError CorruptedFile */
export function createPeerStoreJob(deps: PeerStoreDependencies, input: PeerStoreInput, kept?: unknown): Job {
  let session: PeerSession | undefined;
  let sentBytes = isMembers(kept) && isCount(kept.sentBytes) ? kept.sentBytes : 0;
  /** The peer as it was when the job ran last. */
  let shown = isMembers(kept) && isShown(kept.shown) ? kept.shown : undefined;

  const send = async (id: OrthancId): Promise<void> => {
    const instance = await outgoingInstance(deps, id);
    if (!instance) throw new PharosError('InexistentItem', `Instance ${id} was removed after it was asked to be sent`);
    const body = await peerBody(instance, input);
    const answer = await session?.request({ method: 'POST', path: 'instances', body });
    if (answer) checkStatus(`Sending instance ${id} to peer "${input.peer}"`, answer);
    sentBytes += body.length;
  };

  const content = (): JobContent => {
    const peer = shown ?? described(deps.peers.get(input.peer));
    return {
      ...(peer !== undefined && { Peer: peer }),
      Compress: input.compress,
      ...(input.transcode !== undefined && { Transcode: input.transcode }),
      Size: String(sentBytes),
      SizeMB: Math.floor(sentBytes / bytesOfMega),
    };
  };

  const job = createInstanceSetJob<PeerStoreInput>({ type, version, input, content, handle: send }, kept);

  async function* run(context: JobContext): AsyncGenerator<JobStep> {
    const peer = deps.peers.get(input.peer);
    if (!peer) throw new PharosError('InexistentItem', `There is no peer "${input.peer}" any more`);
    shown = describePeer(peer);
    const opened = deps.peerNetwork.open(peer);
    session = opened;
    yield* runOver(opened, context, job.run(context));
  }

  return {
    ...job,
    state: () => ({ ...job.state(), sentBytes, shown }),
    run,
    reset() {
      sentBytes = 0;
      job.reset();
    },
  };
}

const described = (peer: Peer | undefined): JobContent[string] | undefined => peer && describePeer(peer);

/** Of what JSON.parse gave. */
function isShown(value: unknown): value is JobContent[string] {
  return value !== undefined;
}

/** So that such jobs go on after a restart. */
export function peerStoreJobType(deps: PeerStoreDependencies): JobType {
  return { name: type, version, restore: (input, state) => createPeerStoreJob(deps, readInput(input), state) };
}

function readInput(kept: unknown): PeerStoreInput {
  if (!isMembers(kept) || !isText(kept.peer) || typeof kept.compress !== 'boolean') throw unreadable();
  const { peer, compress, transcode } = kept;
  if (transcode !== undefined && !isText(transcode)) throw unreadable();
  return { ...readInstanceSet(kept), peer, compress, transcode };
}
