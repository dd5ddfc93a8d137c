// What the routes need that query modalities and retrieve from them.
import { routeFor } from '../http/index.ts';
import type { Settings } from '../model/index.ts';
import type { Services } from '../services/index.ts';

export interface QueryServices
  extends Pick<
    Services,
    | 'network'
    | 'modalities'
    | 'queries'
    | 'arrivals'
    | 'ingest'
    | 'jobs'
    | 'dictionary'
    | 'mainTags'
    | 'log'
    | 'filters'
  > {
  readonly live: Pick<Services['live'], 'fallbackCharset'>;
  readonly settings: Pick<Settings, 'DicomAet' | 'DicomScuTimeout' | 'DicomDefaultRetrieveMethod'>;
}

export const queryRoute = routeFor<QueryServices>();
