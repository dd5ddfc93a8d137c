// C-FIND of what is stored here (PS3.4 C.4.1), Patient Root and Study Root.
import type { DataSet } from '@pharos/dicom';
import type { Request, Service } from '@pharos/dimse';
import { dicomServices } from '../model/index.ts';
import type { Filters, Logger, Metrics } from '../ports/index.ts';
import { answerQuery, filteredIdentifier, type QueryDependencies } from '../services/query/index.ts';
import { createFinderService } from './find-exchange.ts';
import { findPeerOf, type ModalityOf } from './find-filter.ts';

export interface FindDeps {
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'observe'>;
  readonly filters?: Pick<Filters, 'receivedFind'>;
  readonly modalityOf: ModalityOf;
}

export function createFindService(deps: QueryDependencies, { log, metrics, filters, modalityOf }: FindDeps): Service {
  const filtered = async (identifier: DataSet, { association }: Request): Promise<DataSet> => {
    const filter = filters?.receivedFind;
    if (!filter) return identifier;
    return filteredIdentifier(identifier, (keys) => filter(keys, findPeerOf(association, modalityOf)));
  };
  return createFinderService(
    { live: deps.live, log, metrics },
    {
      service: dicomServices.find,
      async answer(identifier, request) {
        const { isCancelled } = request;
        const answers = answerQuery(deps, { identifier: await filtered(identifier, request), isCancelled });
        return {
          name: `at level ${answers.level}`,
          get isCropped() {
            return answers.isCropped;
          },
          [Symbol.asyncIterator]: () => answers[Symbol.asyncIterator](),
        };
      },
    },
  );
}
