// One command that retrieves a resource from a remote modality: C-MOVE or C-GET (PS3.4 C.4.2, C.4.3).
import { formatTag, isUid, Tag } from '@pharos/dicom';
import { type Level, type OrthancId, PharosError, type TagKey } from '../../model/index.ts';
import {
  DimseStatusError,
  type Log,
  type ModalityNetwork,
  type MoveOptions,
  type MoveOutcome,
  type NetworkQuery,
  type ReceivedInstance,
  type RemoteModality,
} from '../../ports/index.ts';
import type { Ingest, LiveSettings } from '../services.ts';
import type { MoveArrivals } from './move-arrivals.ts';
import { dataSetOf } from './remote-identifier.ts';
import { retrieveLevels } from './remote-templates.ts';

export interface RetrieveDependencies {
  readonly network: Pick<ModalityNetwork, 'move' | 'get'>;
  readonly ingest: Pick<Ingest, 'begin'>;
  readonly arrivals: MoveArrivals;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly log: Log;
}

/** What is known of a resource: its level, patient, accession number and identifiers; the SOP classes of a study. */
export type RetrieveItem = Readonly<Record<TagKey, string>>;

/** Plain values, so that a job can be kept and gone on with. */
export interface RetrieveRequest {
  readonly method: 'C-MOVE' | 'C-GET';
  readonly remote: RemoteModality;
  /** Title of the application entity that the instances go to, for C-MOVE. */
  readonly target: string;
  readonly level: Level;
  readonly items: readonly RetrieveItem[];
  /** Goes on after a command that failed, and succeeds as a whole. */
  readonly permissive: boolean;
}

/** What came of a command. */
export interface RetrieveDetail {
  /** The final DIMSE status of the command; undefined where it had none, as when the connection broke. */
  readonly status: number | undefined;
  /** Instances that came: by C-GET, or by C-MOVE where the target is this server. */
  readonly received: readonly OrthancId[];
}

/** The keys that tell a peer which resource of a level is meant. */
const identifyingTags: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [Tag.PatientID],
  Study: [Tag.StudyInstanceUID],
  Series: [Tag.StudyInstanceUID, Tag.SeriesInstanceUID],
  Instance: [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID],
};

const knownTags: readonly Tag[] = [
  Tag.PatientID,
  Tag.AccessionNumber,
  Tag.StudyInstanceUID,
  Tag.SeriesInstanceUID,
  Tag.SOPInstanceUID,
  Tag.SOPClassesInStudy,
];

/**
 * @param textOf the value of an attribute, undefined where there is none
 * @throws PharosError BadRequest where an identifier of the level is missing
 */
export function retrieveItem(level: Level, textOf: (tag: Tag) => string | undefined): RetrieveItem {
  for (const tag of identifyingTags[level]) {
    if (textOf(tag)) continue;
    throw new PharosError('BadRequest', `Tag ${formatTag(tag)} is needed to retrieve at level ${level}`);
  }
  const item: Record<TagKey, string> = { [formatTag(Tag.QueryRetrieveLevel)]: retrieveLevels[level] };
  for (const tag of knownTags) {
    const text = textOf(tag);
    if (text !== undefined) item[formatTag(tag)] = text;
  }
  return item;
}

function networkQuery({ method, level }: RetrieveRequest, item: RetrieveItem, charset: string): NetworkQuery {
  const keys = [Tag.QueryRetrieveLevel, ...identifyingTags[level]];
  const elements = keys.map((tag) => ({ tag, value: item[formatTag(tag)] ?? '' }));
  const model = method === 'C-GET' && level === 'Patient' ? 'patient-root' : 'study-root';
  const sopClasses = (item[formatTag(Tag.SOPClassesInStudy)] ?? '').split('\\').filter(isUid);
  return { model, sopClasses, identifier: dataSetOf(elements, charset) };
}

const success = 0x0000;
const cannotUnderstand = 0xc000;
const pending: readonly number[] = [0xff00, 0xff01];

async function ingested({ ingest }: RetrieveDependencies, remote: RemoteModality, instance: ReceivedInstance) {
  const { sopClassUid, sopInstanceUid } = instance;
  const origin = {
    origin: 'DicomProtocol',
    remoteAet: remote.aet,
    remoteIp: remote.host,
    calledAet: remote.localAet,
  } as const;
  const intake = ingest.begin(origin, { sopClassUid, sopInstanceUid });
  try {
    for await (const chunk of instance.file) await intake.push(chunk);
  } catch (error) {
    await intake.abort();
    throw error;
  }
  return intake.finish();
}

/** C-STORE status of an instance of a C-GET; its identifier joins `received`. */
async function receive(
  dependencies: RetrieveDependencies,
  remote: RemoteModality,
  instance: ReceivedInstance,
  received: OrthancId[],
): Promise<number> {
  try {
    const { ids, status, dimseStatus = success } = await ingested(dependencies, remote, instance);
    if (status !== 'FilteredOut') received.push(ids.instance);
    return dimseStatus;
  } catch (error) {
    const reason = error instanceof PharosError ? error.message : 'it could not be stored';
    dependencies.log
      .of('dicom')
      .warn(`An instance that C-GET brought from AET "${remote.aet}" was refused: ${reason}`, { error });
    return cannotUnderstand;
  }
}

function statusText(status: number): string {
  return `0x${status.toString(16).toUpperCase().padStart(4, '0')}`;
}

function failureOf({ method, remote }: RetrieveRequest, outcome: MoveOutcome): PharosError | undefined {
  if (outcome.status === success || pending.includes(outcome.status)) return undefined;
  const details = `${method} SCU to AET "${remote.aet}" has failed with DIMSE status ${statusText(outcome.status)}`;
  return new PharosError('NetworkProtocol', details);
}

export interface CommandResult {
  readonly detail: RetrieveDetail;
  readonly failure: PharosError | undefined;
}

/** Never throws what a peer or the network did: that is in the result. */
export async function retrieveOne(
  dependencies: RetrieveDependencies,
  request: RetrieveRequest,
  item: RetrieveItem,
  options: MoveOptions,
): Promise<CommandResult> {
  const { network, live, arrivals } = dependencies;
  const { method, remote, target } = request;
  const expected = method === 'C-MOVE' ? arrivals.expect(remote.localAet) : undefined;
  const gotten: OrthancId[] = [];
  const received = expected?.received ?? gotten;
  try {
    const query = networkQuery(request, item, live.fallbackCharset());
    const take = (instance: ReceivedInstance) => receive(dependencies, remote, instance, gotten);
    const outcome = await (expected
      ? network.move(remote, query, target, { ...options, messageId: expected.messageId })
      : network.get(remote, query, take, options));
    return { detail: { status: outcome.status, received }, failure: failureOf(request, outcome) };
  } catch (error) {
    if (!(error instanceof PharosError)) throw error;
    const status = error.cause instanceof DimseStatusError ? error.cause.status : undefined;
    return { detail: { status, received }, failure: error };
  } finally {
    expected?.end();
  }
}
