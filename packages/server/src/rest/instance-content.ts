// What is in an instance: its file, its tags in several forms, single values, its PDF.
import { Tag, type TagFormat, transferSyntaxOf } from '@pharos/dicom';
import {
  bytes,
  json,
  query,
  type Reply,
  type Route,
  routeFor,
  stream,
  Type,
  unanswered,
  writeJson,
} from '../http/index.ts';
import { Attachment, type AttachmentInfo, type OrthancId, PharosError } from '../model/index.ts';
import type { Resource } from '../ports/index.ts';
import type { ByteSpan, Services } from '../services/index.ts';
import {
  type DicomWebFormat,
  dicomWebDocument,
  headerTags,
  instanceContent,
  instanceTags,
  wholeInstanceTags,
} from '../services/read/index.ts';
import { textBody } from './plain-body.ts';
import { bareReply, contentReply, namedAs } from './shapes/content-reply.ts';
import { identifierOf, resourceOf } from './shapes/level-resource.ts';
import { formatQuery, fullFormatOf, ignoreLengthOf, ignoreLengthQuery, mayWantXml } from './shapes/tag-arguments.ts';

const route = routeFor<Services>();

const tag = 'Instances';
const shownTags = Type.Record(Type.String(), Type.Unknown());
const longestPathBytes = 64 * 1024;
const wholeQuery = { whole: query.boolean('Also the tags behind Pixel Data', false) };

/* ---- the file ---- */

const dicomWebFormats: Readonly<Record<string, DicomWebFormat | undefined>> = {
  'application/dicom+json': 'json',
  'application/dicom+xml': 'xml',
};

/** The DICOMweb form that the client accepts; what cannot be shown so is given as a file. */
async function dicomWebReply(
  services: Services,
  id: OrthancId,
  accept: string | undefined,
): Promise<Reply | undefined> {
  const mime = accept?.trim().toLowerCase() ?? '';
  const format = Object.hasOwn(dicomWebFormats, mime) ? dicomWebFormats[mime] : undefined;
  if (!format) return undefined;
  try {
    const document = await dicomWebDocument(services, id, format);
    return document && (await contentReply(document, mime));
  } catch (error) {
    services.log.of('http').warn('An instance cannot be shown in the DICOMweb form that was asked for', { id, error });
    return undefined;
  }
}

function fileOf({ attachments }: Resource): AttachmentInfo {
  const attachment = attachments.find(({ type }) => type === Attachment.dicom);
  if (!attachment) throw new PharosError('UnknownResource');
  return attachment;
}

/** @throws PharosError ParameterOutOfRange for no transfer syntax, NotImplemented where the file cannot be written in it */
async function transcodedReply(
  { transcoder }: Services,
  id: OrthancId,
  asked: { readonly transcode: string; readonly quality: number | undefined },
  filename: string,
): Promise<Reply> {
  const { transcode, quality } = asked;
  if (!transferSyntaxOf(transcode)) {
    throw new PharosError('ParameterOutOfRange', `Unknown transfer syntax: ${transcode.slice(0, 64)}`);
  }
  const file = await transcoder.stored(id, { syntaxes: [transcode], quality, lossy: 'new-identifier' });
  if (!file) throw new PharosError('UnknownResource');
  return stream(file.stream(), 'application/dicom', file.length, namedAs(filename));
}

const fileRoute = route({
  method: 'GET',
  path: '/instances/:id/file',
  summary: 'The DICOM file; or as DICOMweb where Accept is application/dicom+json or application/dicom+xml',
  tag,
  query: {
    filename: query.text('Name in Content-Disposition'),
    transcode: query.text('UID of the transfer syntax to have the file in'),
    'lossy-quality': query.integer('Quality where the transfer syntax is lossy', 1, 100),
  },
  reply: 'application/dicom',
  async handler({ params, query: { filename, transcode, 'lossy-quality': quality }, headers }, services) {
    const id = identifierOf(params.id);
    const document = await dicomWebReply(services, id, headers.accept);
    if (document) return document;
    const name = filename ?? `${id}.dcm`;
    if (transcode !== undefined) return transcodedReply(services, id, { transcode, quality }, name);
    return dicomFileReply(services, await resourceOf(services, 'Instance', id, { attachments: true }), name);
  },
});

/** The DICOM file of an instance that was fetched with its attachments, for download by that name. @throws PharosError UnknownResource */
export function dicomFileReply({ reader }: Services, instance: Resource, filename: string): Promise<Reply> {
  const attachment = fileOf(instance);
  const content: ByteSpan = {
    length: attachment.uncompressedSize,
    read: () => reader.content(attachment),
    stream: () => reader.stream(attachment),
    lend: () => reader.lend(attachment),
  };
  return contentReply(content, 'application/dicom', namedAs(filename));
}

const exportRoute = route({
  method: 'POST',
  path: '/instances/:id/export',
  summary: 'Write the DICOM file to the path in the body, on the server',
  tag,
  reply: Type.Object({}),
  async handler({ params, body }, services) {
    if (!services.settings.RestApiWriteToFileSystemEnabled) return bareReply(403);
    const path = await textBody(body, longestPathBytes);
    const instance = await resourceOf(services, 'Instance', params.id, { attachments: true });
    await services.exportFile(path, services.reader.stream(fileOf(instance)));
    return bytes(Buffer.from('{}'), 'application/json');
  },
});

/* ---- tags ---- */

interface TagsRequest {
  readonly id: string;
  readonly format: TagFormat;
  readonly asked: { readonly whole: boolean; readonly 'ignore-length': readonly string[] | undefined };
  readonly accept: string | undefined;
}

/** What most clients ask for: the same text each time. */
async function plainTagsReply({ reader, dictionary }: Services, id: OrthancId, format: TagFormat): Promise<Reply> {
  const text = await reader.derived(id, `tags ${format}`, (file) =>
    Buffer.from(writeJson(instanceTags(file, { format, dictionary })), 'utf8'),
  );
  if (!text) throw new PharosError('UnknownResource');
  return bytes(text, 'application/json; charset=utf-8');
}

async function tagsReply(services: Services, { id, format, asked, accept }: TagsRequest): Promise<Reply> {
  const { reader, dictionary } = services;
  const instance = identifierOf(id);
  const ignoreLength = ignoreLengthOf(dictionary, asked);
  const isPlain = !asked.whole && !ignoreLength && !mayWantXml(accept);
  if (isPlain) return plainTagsReply(services, instance, format);
  const file = asked.whole ? await reader.whole(instance) : await reader.header(instance);
  if (!file) throw new PharosError('UnknownResource');
  const options = { format, dictionary, ignoreLength };
  return json(asked.whole ? wholeInstanceTags(file, options) : instanceTags(file, options));
}

const tagsRoute = route({
  method: 'GET',
  path: '/instances/:id/tags',
  summary: 'Tags of the file',
  tag,
  query: { ...formatQuery, ...ignoreLengthQuery, ...wholeQuery },
  reply: shownTags,
  handler: ({ params, query: asked, headers }, services) =>
    tagsReply(services, { id: params.id, format: fullFormatOf(asked), asked, accept: headers.accept }),
});

const simplifiedTagsRoute = route({
  method: 'GET',
  path: '/instances/:id/simplified-tags',
  summary: 'Tags of the file as {name: value}',
  tag,
  query: { ...ignoreLengthQuery, ...wholeQuery },
  reply: shownTags,
  handler: ({ params, query: asked, headers }, services) =>
    tagsReply(services, { id: params.id, format: 'simplify', asked, accept: headers.accept }),
});

const headerRoute = route({
  method: 'GET',
  path: '/instances/:id/header',
  summary: 'Tags of the file meta information (group 0002)',
  tag,
  query: formatQuery,
  reply: shownTags,
  async handler({ params, query: asked }, { reader, dictionary }) {
    const file = await reader.header(identifierOf(params.id));
    if (!file) throw new PharosError('UnknownResource');
    return json(headerTags(file, { format: fullFormatOf(asked), dictionary }));
  },
});

const contentRoute = route({
  method: 'GET',
  path: '/instances/:id/content/*',
  summary:
    'A value by its path of tags and indices of items; names of what is below, where the path ends above the values',
  tag,
  reply: 'application/octet-stream',
  async handler({ params }, services) {
    const path = params.rest.split('/').filter((segment) => segment !== '');
    const content = await instanceContent(services, identifierOf(params.id), path);
    if (!content) return unanswered;
    return content.kind === 'names' ? json(content.names) : contentReply(content.value, 'application/octet-stream');
  },
});

const pdfRoute = route({
  method: 'GET',
  path: '/instances/:id/pdf',
  summary: 'The encapsulated PDF document',
  tag,
  reply: 'application/pdf',
  async handler({ params }, { reader }) {
    const file = await reader.header(identifierOf(params.id));
    if (!file) throw new PharosError('UnknownResource');
    const { dataSet } = file;
    const isPdf =
      dataSet.text(Tag.SOPClassUID)?.trim() === '1.2.840.10008.5.1.4.1.1.104.1' &&
      dataSet.text(Tag.MIMETypeOfEncapsulatedDocument)?.trim() === 'application/pdf';
    const document = isPdf ? dataSet.bytes(Tag.EncapsulatedDocument) : undefined;
    const told = dataSet.number(Tag.EncapsulatedDocumentLength);
    return document ? bytes(withoutPadding(document, told), 'application/pdf') : unanswered;
  },
});

/** Without the byte that makes the length even: the one beyond the length that the file tells, else a zero at the end. */
function withoutPadding(pdf: Uint8Array, told: number | undefined): Uint8Array {
  const isPadded = told === undefined ? pdf.at(-1) === 0 : told === pdf.byteLength - 1;
  return isPadded ? pdf.subarray(0, -1) : pdf;
}

export const instanceContentRoutes: readonly Route<Services>[] = [
  fileRoute,
  exportRoute,
  tagsRoute,
  simplifiedTagsRoute,
  headerRoute,
  contentRoute,
  pdfRoute,
];
