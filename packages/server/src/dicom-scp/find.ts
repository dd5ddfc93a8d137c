// C-FIND of what is stored here (PS3.4 C.4.1), Patient Root and Study Root.
import type { Service } from '@pharos/dimse';
import { dicomServices } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import { answerQuery, type QueryDependencies } from '../services/query/index.ts';
import { createFinderService } from './find-exchange.ts';

export function createFindService(deps: QueryDependencies, log: Logger): Service {
  return createFinderService(
    { live: deps.live, log },
    {
      service: dicomServices.find,
      answer(identifier, { isCancelled }) {
        const answers = answerQuery(deps, { identifier, isCancelled });
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
