// Retrieval as clients ask for it and see it: the target, the job and its content.
import { type Dictionary, formatTag, Tag } from '@pharos/dicom';
import { type Reply, Type } from '../http/index.ts';
import { type Level, PharosError } from '../model/index.ts';
import type { Modality } from '../services/index.ts';
import type { JobContent } from '../services/jobs/index.ts';
import {
  createRetrieveJob,
  type RetrieveItem,
  type RetrieveReport,
  type RetrieveRequest,
} from '../services/query/index.ts';
import { jobFields, jobOptionsOf, submissionReply } from './jobs-submission.ts';
import { bodyFormatOf } from './query-json.ts';
import type { QueryServices } from './query-services.ts';
import { remoteOf } from './remote-modality.ts';
import type { JsonMembers } from './shapes/json-body.ts';
import { createTagsJson } from './shapes/tags-json.ts';

/** Fields that all bodies of retrievals have. */
export const retrievalFields = {
  ...jobFields,
  Full: Type.Optional(Type.Boolean()),
  Simplify: Type.Optional(Type.Boolean()),
};

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
  /** The body: options of the job, and the format of its Content. */
  readonly members: JsonMembers;
}

/** An application entity title (PS3.5 6.2): up to 16 characters, no backslash, no control characters. */
const title = /^[ -[\]-~]{1,16}$/;

/** @throws PharosError ParameterOutOfRange */
function targetOf({ targetAet, modality }: Retrieval, { DicomAet }: QueryServices['settings']): string {
  const target = targetAet ?? (modality.localAet || DicomAet);
  if (title.test(target) && target.trim() !== '') return target;
  throw new PharosError('ParameterOutOfRange', 'The target is no application entity title of 1 to 16 characters');
}

function requestOf(retrieval: Retrieval, permissive: boolean, settings: QueryServices['settings']): RetrieveRequest {
  const { modality, method, level, items, localAet, timeout } = retrieval;
  return {
    method,
    remote: remoteOf(modality, { LocalAet: localAet, Timeout: timeout }, settings),
    target: method === 'C-MOVE' ? targetOf(retrieval, settings) : '',
    level,
    items,
    permissive,
  };
}

const sopClasses = formatTag(Tag.SOPClassesInStudy);

/** What the job shows as its Content. */
export function retrieveContent({ request, format, details }: RetrieveReport, dictionary: Dictionary): JobContent {
  const tags = createTagsJson(dictionary, format);
  const queries = request.items.map(({ [sopClasses]: _, ...shown }) => tags.ofMainTags(shown));
  return {
    Description: 'REST API',
    LocalAet: request.remote.localAet,
    RemoteAet: request.remote.aet,
    ...(request.method === 'C-MOVE' && { TargetAet: request.target }),
    Query: queries,
    Details: details.map(({ status, received }, position) => ({
      ...(status !== undefined && { DimseErrorStatus: status }),
      Query: queries[position] ?? {},
      ReceivedInstancesIds: received,
    })),
  };
}

/** @throws PharosError what is wrong with the request, or made the retrieval fail */
export async function retrievalReply(services: QueryServices, retrieval: Retrieval): Promise<Reply> {
  const { settings, dictionary } = services;
  const options = jobOptionsOf(retrieval.members);
  const format = bodyFormatOf(retrieval.members, 'short');
  const request = requestOf(retrieval, options.permissive, settings);
  const show = (report: RetrieveReport): JobContent => retrieveContent(report, dictionary);
  return submissionReply(services, createRetrieveJob({ ...services, show }, { request, format }), options);
}
