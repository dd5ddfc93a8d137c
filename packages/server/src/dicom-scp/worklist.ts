// C-FIND of the modality worklist (PS3.4 K.4.1).
import { createDataSet, type DataSet, DicomError, type Dictionary, toOrthancJson } from '@pharos/dicom';
import type { Request, Service } from '@pharos/dimse';
import { dicomServices, PharosError } from '../model/index.ts';
import type { Filters } from '../ports/index.ts';
import { elementsOfTags } from '../services/tags/index.ts';
import type { Worklists } from '../services/worklists/index.ts';
import { createFinderService, type FinderDeps } from './find-exchange.ts';
import { findPeerOf, type ModalityOf } from './find-filter.ts';

export interface WorklistDeps extends FinderDeps {
  readonly dictionary: Dictionary;
  readonly filters?: Pick<Filters, 'receivedWorklistFind'>;
  readonly modalityOf: ModalityOf;
}

/** What a filter has made of an identifier. @throws PharosError BadRequest, UnknownDicomTag... where it is none */
function identifierOf(tags: object, { dictionary, live }: WorklistDeps): DataSet {
  const elements = elementsOfTags(tags, { dictionary, interpretsBinary: false, privateCreator: '' });
  try {
    return createDataSet(elements, { charset: live.fallbackCharset() });
  } catch (cause) {
    if (!(cause instanceof DicomError)) throw cause;
    throw new PharosError('BadRequest', { details: cause.message, cause });
  }
}

export function createWorklistService(worklists: Pick<Worklists, 'find'>, deps: WorklistDeps): Service {
  const filtered = async (identifier: DataSet, { association }: Request): Promise<DataSet> => {
    const filter = deps.filters?.receivedWorklistFind;
    if (!filter) return identifier;
    const query = toOrthancJson(identifier, { format: 'short', dictionary: deps.dictionary, whole: true });
    return identifierOf(await filter(query, findPeerOf(association, deps.modalityOf)), deps);
  };
  return createFinderService(deps, {
    service: dicomServices.worklist,
    async answer(asked, request) {
      const { association, isCancelled } = request;
      const identifier = await filtered(asked, request);
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
