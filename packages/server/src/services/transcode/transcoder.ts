// Stored instances in another transfer syntax.
import { dataSetBytes, encodeFileMeta, isReencodable, reencode } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { IndexStore } from '../../ports/index.ts';
import { outgoingInstance } from '../selection/index.ts';
import type { InstanceReader, Transcoder } from '../services.ts';

export interface TranscoderDependencies {
  readonly index: Pick<IndexStore, 'get'>;
  readonly reader: Pick<InstanceReader, 'header' | 'stream'>;
}

export function createTranscoder(deps: TranscoderDependencies): Transcoder {
  return {
    async stored(id, { syntaxes }) {
      const instance = await outgoingInstance(deps, id);
      if (!instance) return undefined;
      const { sopClassUid, sopInstanceUid, transferSyntax, length, open } = instance;
      const identity = { sopClassUid, sopInstanceUid };
      if (syntaxes.includes(transferSyntax)) return { ...identity, transferSyntax, length, stream: open };
      const target = syntaxes.find(isReencodable);
      if (target === undefined || !isReencodable(transferSyntax)) {
        throw new PharosError('NotImplemented', `Cannot write ${transferSyntax} as ${syntaxes.join(', ')}`);
      }
      const meta = encodeFileMeta({ ...identity, transferSyntax: target });
      const dataSet = await reencode(dataSetBytes(open()), transferSyntax, target);
      return {
        ...identity,
        transferSyntax: target,
        length: meta.length + dataSet.length,
        async *stream() {
          yield meta;
          yield dataSet;
        },
      };
    },
  };
}
