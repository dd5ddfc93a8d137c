// /tools: time, identifiers, settings that may change while the server runs, restart and shutdown.
import { generateUid } from '@pharos/dicom';
import { bytes, empty, json, parseJson, query, type Reply, routeFor, Type, text, unanswered } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import { conformanceStatement } from './conformance-statement.ts';
import { booleanBody, wordBody } from './plain-body.ts';

const route = routeFor<Services>();
const tag = 'Tools';
const plain = 'text/plain';
const uids = Type.Array(Type.String());

/** `{}` as Orthanc sends it where there is nothing to say. */
export const nothingToSay = (): Reply => bytes(Buffer.from('{}'), 'application/json');

const pad = (number: number, width = 2) => String(number).padStart(width, '0');

function localTime(now: Date): string {
  const day = `${pad(now.getFullYear(), 4)}${pad(now.getMonth() + 1)}${pad(now.getDate())}`;
  return `${day}T${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`;
}

function universalTime(now: Date): string {
  return now.toISOString().slice(0, 19).replace(/[-:]/g, '');
}

function newIdentifier(level: string | undefined): Reply {
  if (level === 'patient') return text(crypto.randomUUID());
  return level === 'study' || level === 'series' || level === 'instance' ? text(generateUid()) : unanswered;
}

/** A JSON array, a JSON text, or one pattern as plain text. @throws PharosError BadFileFormat */
function patternsOf(body: string): readonly string[] {
  const word = body.trim();
  if (!/^["[{]|^(null|true|false|-?\d+)$/.test(word)) return [word];
  const value = parseJson(word);
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new PharosError('BadFileFormat', 'Transfer syntaxes are an array of UIDs, which may contain * and ?');
}

const informationRoutes = [
  route({
    method: 'GET',
    path: '/tools',
    summary: 'Names of the tools',
    tag,
    reply: uids,
    handler: ({ children }) => json(children()),
  }),
  route({
    method: 'GET',
    path: '/tools/now',
    summary: 'Time of the server, UTC, YYYYMMDDTHHMMSS',
    tag,
    reply: plain,
    handler: (_request, { clock }) => text(universalTime(clock.now())),
  }),
  route({
    method: 'GET',
    path: '/tools/now-local',
    summary: 'Local time of the server, YYYYMMDDTHHMMSS',
    tag,
    reply: plain,
    handler: (_request, { clock }) => text(localTime(clock.now())),
  }),
  route({
    method: 'GET',
    path: '/tools/generate-uid',
    summary: 'A new identifier',
    tag,
    query: { level: query.text('patient, study, series or instance') },
    reply: plain,
    handler: ({ query: { level } }) => newIdentifier(level),
  }),
  route({
    method: 'GET',
    path: '/tools/dicom-conformance',
    summary: 'What this server can do as a DICOM application entity',
    tag,
    reply: plain,
    handler: (_request, { live, settings }) => text(conformanceStatement(live, settings)),
  }),
];

const settingRoutes = [
  route({
    method: 'GET',
    path: '/tools/default-encoding',
    summary: 'Character set of data sets that name none',
    tag,
    reply: plain,
    handler: (_request, { live }) => text(live.defaultEncoding()),
  }),
  route({
    method: 'PUT',
    path: '/tools/default-encoding',
    summary: 'Changes it until the next restart',
    tag,
    reply: plain,
    handler: async ({ body }, { live }) => {
      live.setDefaultEncoding(await wordBody(body));
      return text(live.defaultEncoding());
    },
  }),
  route({
    method: 'GET',
    path: '/tools/accepted-transfer-syntaxes',
    summary: 'Transfer syntaxes accepted for C-STORE',
    tag,
    reply: uids,
    handler: (_request, { live }) => json(live.acceptedTransferSyntaxes()),
  }),
  route({
    method: 'PUT',
    path: '/tools/accepted-transfer-syntaxes',
    summary: 'Changes them until the next restart',
    tag,
    body: uids,
    reply: uids,
    handler: async ({ body }, { live }) => {
      live.setAcceptedTransferSyntaxes(patternsOf(await body.text()));
      return json(live.acceptedTransferSyntaxes());
    },
  }),
  route({
    method: 'GET',
    path: '/tools/accepted-sop-classes',
    summary: 'SOP classes accepted for C-STORE',
    tag,
    reply: uids,
    handler: (_request, { live }) => json(live.acceptedSopClasses()),
  }),
  route({
    method: 'GET',
    path: '/tools/unknown-sop-class-accepted',
    summary: 'Whether unknown SOP classes are accepted for C-STORE: 1 or 0',
    tag,
    reply: plain,
    handler: (_request, { live }) => text(live.unknownSopClassAccepted() ? '1' : '0'),
  }),
  route({
    method: 'PUT',
    path: '/tools/unknown-sop-class-accepted',
    summary: 'Changes it until the next restart',
    tag,
    reply: plain,
    handler: async ({ body }, { live }) => {
      live.setUnknownSopClassAccepted(await booleanBody(body));
      return empty();
    },
  }),
];

const processRoutes = [
  route({
    method: 'POST',
    path: '/tools/reset',
    summary: 'Restarts the server with its configuration read again',
    tag,
    reply: 'application/json',
    handler: (_request, { lifecycle }) => {
      lifecycle.reset();
      return nothingToSay();
    },
  }),
  route({
    method: 'POST',
    path: '/tools/shutdown',
    summary: 'Ends the server when requests in flight are done',
    tag,
    reply: 'application/json',
    handler: (_request, { lifecycle }) => {
      lifecycle.shutdown();
      return nothingToSay();
    },
  }),
  route({
    method: 'POST',
    path: '/tools/execute-script',
    summary: 'Runs a Lua script and answers with what it prints, where ExecuteLuaEnabled is on',
    tag,
    reply: plain,
    async handler({ body }, { settings, runScript, log }) {
      if (settings.ExecuteLuaEnabled && runScript) return text(await runScript(await body.text()));
      log.of('lua').error('A script of a client is not run: option ExecuteLuaEnabled is off');
      return empty({}, 403);
    },
  }),
];

export const toolRoutes = [...informationRoutes, ...settingRoutes, ...processRoutes];
