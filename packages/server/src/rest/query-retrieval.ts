// Retrieval as clients ask for it and see it: options of the body, the target, the content of the job that it is to them.
import type { Dictionary, TagFormat } from '@pharos/dicom';
import { type Json, json, type Reply, Type } from '../http/index.ts';
import { type Level, PharosError } from '../model/index.ts';
import type { Modality } from '../services/index.ts';
import {
  type RetrieveDetail,
  type RetrieveItem,
  type RetrieveReport,
  type RetrieveRequest,
  retrieve,
} from '../services/query/index.ts';
import { bodyFormatOf } from './query-json.ts';
import type { QueryServices } from './query-services.ts';
import { remoteOf } from './remote-modality.ts';
import { type JsonMembers, memberReader } from './shapes/json-body.ts';
import { createTagsJson } from './shapes/tags-json.ts';

/** Fields that all bodies of retrievals have. */
export const jobFields = {
  Synchronous: Type.Optional(Type.Boolean()),
  Asynchronous: Type.Optional(Type.Boolean()),
  Priority: Type.Optional(Type.Integer()),
  Permissive: Type.Optional(Type.Boolean()),
  UserData: Type.Optional(Type.Unknown()),
  Full: Type.Optional(Type.Boolean()),
  Simplify: Type.Optional(Type.Boolean()),
};

export interface JobOptions {
  readonly isSynchronous: boolean;
  readonly permissive: boolean;
  readonly priority: number;
  readonly userData: unknown;
  readonly format: TagFormat;
}

/** @throws PharosError BadFileFormat */
export function jobOptionsOf(members: JsonMembers): JobOptions {
  const member = memberReader(members, 'BadFileFormat');
  const synchronous = member.boolean('Synchronous');
  const asynchronous = member.boolean('Asynchronous');
  return {
    isSynchronous: synchronous ?? !asynchronous,
    permissive: member.boolean('Permissive') ?? false,
    priority: member.integer('Priority') ?? 0,
    userData: members.UserData,
    format: bodyFormatOf(members, 'short'),
  };
}

export interface Retrieval {
  readonly modality: Modality;
  readonly method: 'C-MOVE' | 'C-GET';
  readonly level: Level;
  readonly items: readonly RetrieveItem[];
  /** undefined: this server. */
  readonly targetAet: string | undefined;
  /** '' is that of the modality. */
  readonly localAet: string;
  /** Seconds; 0 is that of the modality. */
  readonly timeout: number;
  readonly options: JobOptions;
}

/** An application entity title (PS3.5 6.2): up to 16 characters, no backslash, no control characters. */
const title = /^[ -[\]-~]{1,16}$/;

/** @throws PharosError ParameterOutOfRange */
function targetOf({ targetAet, modality }: Retrieval, { DicomAet }: QueryServices['settings']): string {
  const target = targetAet ?? (modality.localAet || DicomAet);
  if (title.test(target) && target.trim() !== '') return target;
  throw new PharosError('ParameterOutOfRange', 'The target is no application entity title of 1 to 16 characters');
}

function requestOf(retrieval: Retrieval, settings: QueryServices['settings']): RetrieveRequest {
  const { modality, method, level, items, localAet, timeout, options } = retrieval;
  return {
    method,
    remote: remoteOf(modality, { LocalAet: localAet, Timeout: timeout }, settings),
    target: method === 'C-MOVE' ? targetOf(retrieval, settings) : '',
    level,
    items,
    permissive: options.permissive,
  };
}

/** What the job shows as its Content. */
export function retrieveContent({ request, details }: RetrieveReport, format: TagFormat, dictionary: Dictionary): Json {
  const tags = createTagsJson(dictionary, format);
  const detailJson = ({ item, status, received }: RetrieveDetail): Json => ({
    DimseErrorStatus: status,
    Query: tags.ofMainTags(item),
    ReceivedInstancesIds: received,
  });
  return {
    Description: 'REST API',
    LocalAet: request.remote.localAet,
    RemoteAet: request.remote.aet,
    TargetAet: request.method === 'C-MOVE' ? request.target : undefined,
    Query: request.items.map((item) => tags.ofMainTags(item)),
    Details: details.map(detailJson),
  };
}

/** @throws PharosError what made the retrieval fail; NotImplemented where it is to go on behind the answer */
export async function retrievalReply(services: QueryServices, retrieval: Retrieval): Promise<Reply> {
  const { isSynchronous, format } = retrieval.options;
  const request = requestOf(retrieval, services.settings);
  if (!isSynchronous) throw new PharosError('NotImplemented', 'Retrieval is synchronous only');
  const report = await retrieve(services, request);
  if (report.failure) throw report.failure;
  return json(retrieveContent(report, format, services.dictionary));
}
