// The DICOM network as a client, with a filter that has a say in each instance that is sent.
import { inflateRawSync } from 'node:zlib';
import { createPart10Parser, type ParsedFile } from '@pharos/dicom';
import type { Filters, ModalityNetwork, OutgoingInstance } from '../ports/index.ts';

export interface FilteredNetworkOptions {
  readonly filters: Pick<Filters, 'sentInstance'>;
  readonly fallbackCharset: () => string;
  /** JSON of the tags, as of `InstanceView`. */
  readonly viewTags: (file: ParsedFile) => string;
}

const inflatedBytes = 512 * 1024 * 1024;

async function headerOf({ open }: OutgoingInstance, fallbackCharset: string): Promise<ParsedFile> {
  const parser = createPart10Parser({
    fallbackCharset,
    inflateRaw: (bytes, maximum) => inflateRawSync(bytes, { maxOutputLength: Math.min(maximum, inflatedBytes) }),
  });
  for await (const piece of open()) if (parser.push(piece)) break;
  return parser.finish();
}

export function filteredNetwork(network: ModalityNetwork, options: FilteredNetworkOptions): ModalityNetwork {
  const { filters, fallbackCharset, viewTags } = options;
  return {
    ...network,
    openStore(remote) {
      const session = network.openStore(remote);
      return {
        ...session,
        async store(instance, originator) {
          const isSent = filters.sentInstance;
          const { aet, host } = remote;
          if (isSent && !(await isSent(viewTags(await headerOf(instance, fallbackCharset())), { aet, host }))) return;
          await session.store(instance, originator);
        },
      };
    },
  };
}
