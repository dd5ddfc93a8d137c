// /plugins: what clients look for of Orthanc's plug-ins that is built in here.
import { bytes, json, routeFor, Type, unanswered } from '../http/index.ts';
import type { Services } from '../services/index.ts';
import { pharosVersion } from './version.ts';

const route = routeFor<Services>();
const tag = 'Plug-ins';

/** Under the names of the plug-ins. Codecs are not among them: clients expect less of that plug-in than is here. */
function builtIn({ worklists }: Services) {
  if (!worklists) return [];
  const description = 'Modality worklist';
  return [{ ID: 'orthanc-worklists', Version: pharosVersion, Description: description, ExtendsOrthancExplorer: false }];
}

export const pluginRoutes = [
  route({
    method: 'GET',
    path: '/plugins',
    summary: 'Names of the plug-ins',
    tag,
    reply: Type.Array(Type.String()),
    handler: (_request, services) => json(['explorer.js', ...builtIn(services).map(({ ID }) => ID)]),
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
    reply: Type.Object({
      ID: Type.String(),
      Version: Type.String(),
      Description: Type.String(),
      ExtendsOrthancExplorer: Type.Boolean(),
    }),
    handler: ({ params }, services) => {
      const known = builtIn(services).find(({ ID }) => ID === params.id);
      return known ? json(known) : unanswered;
    },
  }),
];
