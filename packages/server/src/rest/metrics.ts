// /tools/metrics: figures of the running server, for Prometheus.
import { bytes, empty, routeFor, text } from '../http/index.ts';
import type { Services } from '../services/index.ts';
import { booleanBody } from './plain-body.ts';

const route = routeFor<Services>();
const tag = 'Metrics';

export const metricRoutes = [
  route({
    method: 'GET',
    path: '/tools/metrics',
    summary: 'Whether figures are collected: 1 or 0',
    tag,
    reply: 'text/plain',
    handler: (_request, { metrics }) => text(metrics.isEnabled() ? '1' : '0'),
  }),
  route({
    method: 'PUT',
    path: '/tools/metrics',
    summary: 'Switches it',
    tag,
    reply: 'text/plain',
    handler: async ({ body }, { metrics }) => {
      metrics.setEnabled(await booleanBody(body));
      return empty();
    },
  }),
  route({
    method: 'GET',
    path: '/tools/metrics-prometheus',
    summary: 'The figures in the text format of Prometheus',
    tag,
    reply: 'text/plain',
    handler: async (_request, { metrics }) => bytes(Buffer.from(await metrics.text()), 'text/plain; version=0.0.4'),
  }),
];
