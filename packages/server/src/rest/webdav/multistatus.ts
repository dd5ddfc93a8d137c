// Bodies of WebDAV answers (RFC 4918): properties of folders and files, and locks that lock nothing.
import { escapeXmlText } from '../../http/index.ts';
import type { DavFolder, DavNode } from './nodes.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Below /webdav, percent-encoded. */
export function hrefOf(path: readonly string[]): string {
  return ['/webdav', ...path.map(encodeURIComponent)].join('/');
}

function propertiesOf(node: DavNode): string {
  const { name, modified } = node;
  const kind =
    node.kind === 'folder'
      ? '<D:resourcetype><D:collection/></D:resourcetype>'
      : `<D:resourcetype/><D:getcontentlength>${node.length}</D:getcontentlength>` +
        `<D:getcontenttype>${escapeXmlText(node.mime)}</D:getcontenttype>`;
  return (
    `<D:displayname>${escapeXmlText(name)}</D:displayname>` +
    `<D:creationdate>${modified.toISOString().slice(0, 19)}Z</D:creationdate>` +
    `<D:getlastmodified>${modified.toUTCString()}</D:getlastmodified>${kind}`
  );
}

function responseOf(href: string, properties: string): string {
  const status = '<D:status>HTTP/1.1 200 OK</D:status>';
  return (
    `<D:response><D:href>${escapeXmlText(href)}</D:href>` +
    `<D:propstat>${status}<D:prop>${properties}</D:prop></D:propstat></D:response>\n`
  );
}

async function* documentOf(responses: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  yield Buffer.from(`${declaration}<D:multistatus xmlns:D="DAV:">\n`);
  for await (const response of responses) yield Buffer.from(response);
  yield Buffer.from('</D:multistatus>\n');
}

/** The folder itself, then what is in it. The path of a folder that was asked for ends with a slash, of those in it not. */
async function* responsesOf(folder: DavFolder, path: readonly string[], withChildren: boolean): AsyncGenerator<string> {
  yield responseOf(`${hrefOf(path)}/`, propertiesOf(folder));
  if (!withChildren) return;
  for await (const nodes of folder.list())
    yield nodes.map((node) => responseOf(hrefOf([...path, node.name]), propertiesOf(node))).join('');
}

/** Answer to PROPFIND (RFC 4918 9.1): all properties there are, whichever were asked for. @param withChildren depth 1 */
export function propertiesDocument(
  node: DavNode,
  path: readonly string[],
  withChildren: boolean,
): AsyncGenerator<Buffer> {
  if (node.kind === 'folder') return documentOf(responsesOf(node, path, withChildren));
  return documentOf([responseOf(hrefOf(path), propertiesOf(node))]);
}

/** Answer to PROPPATCH (RFC 4918 9.2), which changes nothing: file explorers give up where it fails. */
export function patchedDocument(path: readonly string[]): AsyncGenerator<Buffer> {
  return documentOf([responseOf(hrefOf(path), '')]);
}

/** Answer to LOCK (RFC 4918 9.10). */
export function lockDocument(path: readonly string[], token: string): string {
  return (
    `${declaration}<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock>` +
    '<D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope><D:depth>0</D:depth>' +
    '<D:timeout>Second-3599</D:timeout>' +
    `<D:lockroot><D:href>${escapeXmlText(hrefOf(path))}</D:href></D:lockroot><D:owner/>` +
    `<D:locktoken><D:href>${escapeXmlText(token)}</D:href></D:locktoken>` +
    '</D:activelock></D:lockdiscovery></D:prop>\n'
  );
}
