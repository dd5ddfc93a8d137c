// The web page for people who open the server in a browser, at the paths where Orthanc has its own.
import { bytes, redirect, routeFor, unanswered } from '../http/index.ts';
import type { Services } from '../services/index.ts';
import { favicon, landingPage } from './landing-page.ts';

const route = routeFor<Services>();
const tag = 'Web page';

const files: Readonly<Record<string, { readonly body: Buffer; readonly mime: string }>> = {
  'explorer.html': { body: Buffer.from(landingPage), mime: 'text/html; charset=utf-8' },
  'images/favicon.ico': { body: Buffer.from(favicon), mime: 'image/svg+xml' },
};

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
