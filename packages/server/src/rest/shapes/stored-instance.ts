// What clients are told of an instance that was stored, and what is kept of where it came from.
import { type RouteRequest, type Static, Type } from '../../http/index.ts';
import type { Origin } from '../../model/index.ts';
import type { StoreResult } from '../../services/index.ts';

export const StoredInstance = Type.Object({
  ID: Type.String(),
  Path: Type.String(),
  Status: Type.Union([Type.Literal('Success'), Type.Literal('AlreadyStored'), Type.Literal('FilteredOut')]),
  ParentPatient: Type.String(),
  ParentStudy: Type.String(),
  ParentSeries: Type.String(),
});

export function storedInstanceJson({ status, ids }: StoreResult): Static<typeof StoredInstance> {
  return {
    ID: ids.instance,
    Path: `/instances/${ids.instance}`,
    Status: status,
    ParentPatient: ids.patient,
    ParentStudy: ids.study,
    ParentSeries: ids.series,
  };
}

export function requestOrigin({ source, remoteIp, username }: RouteRequest<unknown, unknown>): Origin {
  return source === 'Lua' ? { origin: 'Lua' } : { origin: 'RestApi', remoteIp, httpUsername: username ?? '' };
}
