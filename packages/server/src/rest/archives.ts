// Archives (ZIP) and media (ZIP with DICOMDIR) of resources: at once, as they are made, or as a job.
import { query, type Reply, type RequestBody, type Route, routeFor, stream, Type } from '../http/index.ts';
import { isOrthancId, type Level, PharosError } from '../model/index.ts';
import {
  type ArchiveJobInput,
  type ArchiveKind,
  type ArchiveOptions,
  archiveOutput,
  createArchiveJob,
  createStreamedArchiveJob,
  planArchive,
} from '../services/archive/index.ts';
import type { Services } from '../services/index.ts';
import type { JobOptions } from '../services/jobs/index.ts';
import { jobFields, jobOptionsOf, submissionReply } from './jobs-submission.ts';
import { namedAs } from './shapes/content-reply.ts';
import { isMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';
import { levelSegments, levelTags } from './shapes/level-resource.ts';
import { checkedQuality, checkedSyntax } from './shapes/written-form.ts';

const route = routeFor<Services>();

const archiveFields = {
  ...jobFields,
  Filename: Type.Optional(Type.String()),
  Transcode: Type.Optional(Type.String()),
  LossyQuality: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  Utf8: Type.Optional(Type.Boolean()),
};

const archiveQuery = {
  filename: query.text('Name in Content-Disposition'),
  transcode: query.text('UID of the transfer syntax to have the files in'),
  'lossy-quality': query.integer('Quality where the transfer syntax is lossy', 1, 100),
};

interface Asked extends ArchiveOptions {
  readonly fileName: string;
}

const isName = (value: unknown): value is string => typeof value === 'string';

/** What a body names: an array, or Resources of an object. What is no identifier is one of nothing. @throws PharosError BadFileFormat */
async function namedIn(body: RequestBody): Promise<{ readonly ids: readonly string[]; readonly members: JsonMembers }> {
  const value = await body.json();
  const members = isMembers(value) ? value : {};
  const names: readonly unknown[] | undefined = Array.isArray(value)
    ? value
    : memberReader(members, 'BadFileFormat').list('Resources');
  if (names?.every(isName)) return { ids: names, members };
  throw new PharosError('BadFileFormat', 'The body must name resources: an array of identifiers, or one as Resources');
}

/** Members of a body that may say nothing at all, as `{}` or `null`. @throws PharosError BadFileFormat where it is no JSON */
async function membersIn(body: RequestBody): Promise<JsonMembers> {
  const value = await body.json();
  return isMembers(value) ? value : {};
}

const depsOf = (services: Services) => ({ ...services, log: services.log.of('jobs') });

/** @throws PharosError UnknownResource before the first byte */
async function archiveReply(
  services: Services,
  ids: readonly string[],
  asked: Asked,
  options: JobOptions = {},
): Promise<Reply> {
  const { jobs, settings } = services;
  const plan = await planArchive(services.index, ids, asked);
  const input: ArchiveJobInput = { ...asked, description: 'REST API', resources: ids };
  if (!settings.SynchronousZipStream) return wholeReply(services, input, options);
  const { job, pieces, abandon } = createStreamedArchiveJob(depsOf(services), input, plan);
  jobs.attend(job, options);
  return { ...stream(pieces, 'application/zip', undefined, namedAs(asked.fileName)), abandon };
}

/** Complete before the first byte is sent. */
async function wholeReply(services: Services, input: ArchiveJobInput, options: JobOptions): Promise<Reply> {
  const { jobs } = services;
  const { id } = await jobs.run(createArchiveJob(depsOf(services), input), options);
  const output = jobs.output(id, archiveOutput);
  if (!output)
    throw new PharosError('InexistentItem', 'The archive is gone already: too many are made at the same time');
  return stream(output.open(), output.mime, output.length, namedAs(output.fileName));
}

/** @throws PharosError UnknownResource, BadFileFormat, ParameterOutOfRange */
async function postedReply(
  services: Services,
  ids: readonly string[],
  members: JsonMembers,
  defaults: Pick<Asked, 'kind' | 'isExtended' | 'fileName'>,
): Promise<Reply> {
  const member = memberReader(members, 'BadFileFormat');
  const options = jobOptionsOf(members);
  const asked: Asked = {
    kind: defaults.kind,
    isExtended: defaults.kind === 'media' && (member.boolean('Extended') ?? defaults.isExtended),
    utf8: member.boolean('Utf8') ?? services.settings.ZipUseUtf8,
    transcode: checkedSyntax(member.text('Transcode')),
    quality: checkedQuality(member.integer('LossyQuality')),
    fileName: member.text('Filename') ?? defaults.fileName,
  };
  if (options.isSynchronous) return archiveReply(services, ids, asked, options);
  // What is not there is told now, not by a job that fails.
  await planArchive(services.index, ids, asked);
  const job = createArchiveJob(depsOf(services), { ...asked, description: 'REST API', resources: ids });
  return submissionReply(services, job, options);
}

/** @throws PharosError UnknownResource */
async function checkLevel({ index }: Services, level: Level, id: string): Promise<void> {
  const resource = isOrthancId(id) ? await index.get(id, {}) : undefined;
  if (resource?.level !== level) throw new PharosError('UnknownResource');
}

function levelRoutes(level: Exclude<Level, 'Instance'>, kind: ArchiveKind): readonly Route<Services>[] {
  const path = `/${levelSegments[level]}/:id/${kind}` as const;
  const what = kind === 'media' ? 'ZIP archive with a DICOMDIR' : 'ZIP archive';
  const shared = { tag: levelTags[level], reply: 'application/zip' } as const;
  return [
    route({
      ...shared,
      method: 'GET',
      path,
      summary: `${what} of the instances`,
      query: { ...archiveQuery, extended: query.flag('Of media: descriptions of series in the directory') },
      async handler({ params: { id }, query: asked }, services) {
        await checkLevel(services, level, id);
        return archiveReply(services, [id], gottenOptions(asked, kind, `${id}.zip`, services));
      },
    }),
    route({
      ...shared,
      method: 'POST',
      path,
      summary: `${what} of the instances, at once or as a job`,
      body: Type.Object(
        kind === 'media' ? { ...archiveFields, Extended: Type.Optional(Type.Boolean()) } : archiveFields,
      ),
      async handler({ params: { id }, body }, services) {
        await checkLevel(services, level, id);
        const members = await membersIn(body);
        return postedReply(services, [id], members, { kind, isExtended: false, fileName: `${id}.zip` });
      },
    }),
  ];
}

interface GetQuery {
  readonly filename: string | undefined;
  readonly transcode: string | undefined;
  readonly 'lossy-quality': number | undefined;
  readonly extended?: boolean;
}

function gottenOptions(asked: GetQuery, kind: ArchiveKind, fileName: string, { settings }: Services): Asked {
  return {
    kind,
    isExtended: asked.extended ?? false,
    utf8: settings.ZipUseUtf8,
    transcode: checkedSyntax(asked.transcode),
    quality: asked['lossy-quality'],
    fileName: asked.filename ?? fileName,
  };
}

function toolRoutes(name: string, kind: ArchiveKind, isExtended: boolean, summary: string): readonly Route<Services>[] {
  const path = `/tools/${name}`;
  const fileName = 'Archive.zip';
  const shared = { tag: 'Tools', reply: 'application/zip', path } as const;
  return [
    route({
      ...shared,
      method: 'GET',
      summary: `${summary} of several resources`,
      query: { ...archiveQuery, resources: query.list('Identifiers, separated by commas', ',') },
      handler({ query: asked }, services) {
        if (!asked.resources) throw new PharosError('ParameterOutOfRange', 'Argument "resources" is missing');
        const options = gottenOptions({ ...asked, extended: isExtended }, kind, fileName, services);
        return archiveReply(services, asked.resources, options);
      },
    }),
    route({
      ...shared,
      method: 'POST',
      summary: `${summary} of several resources, at once or as a job`,
      body: Type.Object({ ...archiveFields, Resources: Type.Array(Type.String()) }),
      async handler({ body }, services) {
        const { ids, members } = await namedIn(body);
        return postedReply(services, ids, members, { kind, isExtended, fileName });
      },
    }),
  ];
}

export const archiveRoutes: readonly Route<Services>[] = [
  ...(['Patient', 'Study', 'Series'] as const).flatMap((level) => [
    ...levelRoutes(level, 'archive'),
    ...levelRoutes(level, 'media'),
  ]),
  ...toolRoutes('create-archive', 'archive', false, 'ZIP archive'),
  ...toolRoutes('create-media', 'media', false, 'ZIP archive with a DICOMDIR'),
  ...toolRoutes('create-media-extended', 'media', true, 'ZIP archive with a DICOMDIR that has descriptions'),
];
