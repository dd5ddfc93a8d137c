// Names for the shapes that clients meet most.
import type { ReplyOf } from './route-types.ts';

export type Job = ReplyOf<'/jobs/{id}', 'get'>;
export type Resource = ReplyOf<'/studies/{id}', 'get'>;
export type Change = ReplyOf<'/changes', 'get'>['Changes'][number];
export type StoredInstance = Extract<ReplyOf<'/instances', 'post'>, { readonly Status: unknown }>;
