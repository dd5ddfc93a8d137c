// C-FIND of the modality worklist (PS3.4 K.4.1).
import type { Service } from '@pharos/dimse';
import { dicomServices } from '../model/index.ts';
import type { Worklists } from '../services/worklists/index.ts';
import { createFinderService } from './find-exchange.ts';
import type { IdentifierDeps } from './identifier-exchange.ts';

export function createWorklistService(worklists: Pick<Worklists, 'find'>, deps: IdentifierDeps): Service {
  return createFinderService(deps, {
    service: dicomServices.worklist,
    answer(identifier, { association, isCancelled }) {
      const answers = worklists.find({ identifier, callingAet: association.callingAet, isCancelled });
      return {
        name: 'in the worklist',
        get isCropped() {
          return answers.isCropped;
        },
        [Symbol.asyncIterator]: () => answers[Symbol.asyncIterator](),
      };
    },
  });
}
