// Bodies that are plain text: one word, a path, the value of a metadata. Unlike those that are streamed, they are held in memory,
// so that they have bounds of their own.
import type { RequestBody } from '../http/index.ts';
import { PharosError } from '../model/index.ts';

const wordBytes = 4 * 1024;

/** @throws PharosError BodyTooLarge */
async function boundedBytes(body: RequestBody, maximumBytes: number): Promise<Buffer> {
  if (body.length !== undefined && body.length > maximumBytes) throw new PharosError('BodyTooLarge');
  const chunks: Buffer[] = [];
  let size = 0;
  await body.pour((chunk) => {
    size += chunk.length;
    if (size > maximumBytes) throw new PharosError('BodyTooLarge');
    chunks.push(chunk);
    return undefined;
  });
  return Buffer.concat(chunks);
}

/** The whole body, as it is. @throws PharosError BodyTooLarge; BadRequest where it is not UTF-8 and so could not be given back */
export async function textBody(body: RequestBody, maximumBytes: number): Promise<string> {
  const bytes = await boundedBytes(body, maximumBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PharosError('BadRequest', { details: 'The body must be text in UTF-8', cause });
  }
}

/** @throws PharosError BadFileFormat for anything but 0, 1, true, false */
export async function booleanBody(body: RequestBody): Promise<boolean> {
  const word = await wordBody(body);
  if (word === '1' || word === 'true') return true;
  if (word === '0' || word === 'false') return false;
  throw new PharosError('BadFileFormat', 'The body must be 0, 1, true or false');
}

/** Without surrounding white space. @throws PharosError BodyTooLarge, BadRequest */
export async function wordBody(body: RequestBody): Promise<string> {
  return (await textBody(body, wordBytes)).trim();
}
