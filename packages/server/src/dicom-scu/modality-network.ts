// The DICOM network as a client (PS3.4 A, B): one association for each operation, errors told as Orthanc does.
import { type Association, formatStatus, isStored, Status, verificationSopClass } from '@pharos/dimse';
import { PharosError } from '../model/index.ts';
import type { ModalityNetwork, RemoteModality } from '../ports/index.ts';
import {
  failure,
  genericSyntaxes,
  type ModalityNetworkDeps,
  onAssociation,
  type Proposal,
  step,
} from './association.ts';
import { openPart10, type Part10Source } from './part10-source.ts';
import { findAt, getFrom, moveAt } from './query-retrieve.ts';

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const implicitLittleEndian = '1.2.840.10008.1.2';

export function createModalityNetwork(deps: ModalityNetworkDeps): ModalityNetwork {
  return {
    async echo(remote) {
      const contexts = [{ abstractSyntax: verificationSopClass, transferSyntaxes: genericSyntaxes }];
      await onAssociation(deps, remote, { contexts }, async (association) => {
        const status = await step(remote, 'C-ECHO', () => association.echo());
        if (status !== Status.success) throw failure(remote, 'C-ECHO', `status ${formatStatus(status)}`);
      });
    },
    async store(remote, file) {
      const source = await openPart10(file);
      try {
        await onAssociation(deps, remote, { contexts: storeContexts(source, deps) }, (association) =>
          storeOn(association, remote, source),
        );
      } finally {
        await source.close();
      }
      return { sopClassUid: source.sopClassUid, sopInstanceUid: source.sopInstanceUid };
    },
    find: (remote, query) => findAt(deps, remote, query),
    move: (remote, query, target, options) => moveAt(deps, remote, query, target, options),
    get: (remote, query, receive, options) => getFrom(deps, remote, query, receive, options),
  };
}

/** The source syntax; the preferred one; the two that everybody has: each in a context of its own, so that the peer cannot trade
 * one for another. */
function storeContexts(source: Part10Source, { settings }: ModalityNetworkDeps): Proposal['contexts'] {
  const abstractSyntax = source.sopClassUid;
  const preferred = settings.DicomScuPreferredTransferSyntax;
  const others = preferred === source.transferSyntax ? [] : [{ abstractSyntax, transferSyntaxes: [preferred] }];
  return [
    { abstractSyntax, transferSyntaxes: [source.transferSyntax] },
    ...others,
    { abstractSyntax, transferSyntaxes: [implicitLittleEndian, explicitLittleEndian] },
  ];
}

async function storeOn(association: Association, remote: RemoteModality, source: Part10Source): Promise<void> {
  const { sopClassUid, sopInstanceUid, transferSyntax } = source;
  const context = association.findContext(sopClassUid, transferSyntax);
  if (!context) {
    const details = `SOP class ${sopClassUid} in transfer syntax ${transferSyntax} to AET "${remote.aet}"`;
    throw new PharosError('NoPresentationContext', details);
  }
  const status = await step(remote, 'C-STORE', () =>
    association.store({ contextId: context.id, sopClassUid, sopInstanceUid, data: source.dataSet }),
  );
  if (!isStored(status)) throw failure(remote, 'C-STORE', `status ${formatStatus(status)}`);
}
