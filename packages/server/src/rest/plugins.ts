// /plugins: none are loaded yet, but clients ask for the list.
import { bytes, json, routeFor, Type, unanswered } from '../http/index.ts';
import type { Services } from '../services/index.ts';

const route = routeFor<Services>();
const tag = 'Plug-ins';

export const pluginRoutes = [
  route({
    method: 'GET',
    path: '/plugins',
    summary: 'Names of the plug-ins',
    tag,
    reply: Type.Array(Type.String()),
    handler: () => json(['explorer.js']),
  }),
  route({
    method: 'GET',
    path: '/plugins/explorer.js',
    summary: 'Extensions of the web page by plug-ins',
    tag,
    reply: 'application/javascript',
    handler: () => bytes(Buffer.from('// Extensions of the web page by plug-ins: none\n'), 'application/javascript'),
  }),
  route({
    method: 'GET',
    path: '/plugins/:id',
    summary: 'What a plug-in is',
    tag,
    reply: Type.Object({ ID: Type.String(), Version: Type.String() }),
    handler: () => unanswered,
  }),
];
