// The web page for people who open the server in a browser, at the paths where Orthanc has its own.
import { encodePng } from '@pharos/codecs';
import { bytes, redirect, routeFor, unanswered } from '../http/index.ts';
import type { Services } from '../services/index.ts';
import { favicon, landingPage } from './landing-page.ts';

const route = routeFor<Services>();
const tag = 'Web page';

const files: Readonly<Record<string, { readonly body: Buffer; readonly mime: string }>> = {
  'explorer.html': { body: Buffer.from(landingPage), mime: 'text/html; charset=utf-8' },
  'images/unsupported.png': { body: Buffer.from(unsupportedPicture()), mime: 'image/png' },
  'images/favicon.ico': { body: Buffer.from(favicon), mime: 'image/svg+xml' },
};

/** What stands for an image that cannot be shown: a crossed-out square. */
function unsupportedPicture(): Uint8Array {
  const side = 256;
  const samples = new Uint8Array(side * side).fill(48);
  for (let at = 0; at < side; at++) {
    for (let across = Math.max(0, at - 2); across < Math.min(side, at + 2); across++) {
      samples[at * side + across] = 160;
      samples[at * side + side - 1 - across] = 160;
    }
  }
  return encodePng({ kind: 'grey8', width: side, height: side, samples });
}

/** Absent where OrthancExplorerEnabled is off. */
export const landingRoutes = [
  route({
    method: 'GET',
    path: '/',
    summary: 'Goes on to the web page',
    tag,
    reply: 'text/html',
    handler: () => redirect('app/explorer.html'),
  }),
  route({
    method: 'GET',
    path: '/favicon.ico',
    summary: 'The icon of the web page',
    tag,
    reply: 'image/svg+xml',
    handler: () => redirect('app/images/favicon.ico'),
  }),
  route({
    method: 'GET',
    path: '/app/*',
    summary: 'Files of the web page',
    tag,
    reply: 'text/html',
    handler: ({ params }) => {
      const file = Object.hasOwn(files, params.rest) ? files[params.rest] : undefined;
      return file ? bytes(file.body, file.mime) : unanswered;
    },
  }),
];
