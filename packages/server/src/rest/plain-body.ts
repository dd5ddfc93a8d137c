// Bodies that are one word of plain text.
import type { RequestBody } from '../http/index.ts';
import { PharosError } from '../model/index.ts';

/** @throws PharosError BadFileFormat for anything but 0, 1, true, false */
export async function booleanBody(body: RequestBody): Promise<boolean> {
  const word = await wordBody(body);
  if (word === '1' || word === 'true') return true;
  if (word === '0' || word === 'false') return false;
  throw new PharosError('BadFileFormat', 'The body must be 0, 1, true or false');
}

/** Without surrounding white space. */
export async function wordBody(body: RequestBody): Promise<string> {
  return (await body.text()).trim();
}
