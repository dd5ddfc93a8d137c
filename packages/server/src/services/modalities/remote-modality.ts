// A registered modality as the network reaches it.
import type { Settings } from '../../model/index.ts';
import type { RemoteModality } from '../../ports/index.ts';
import type { Modality } from '../services.ts';

export function remoteModality(
  modality: Modality,
  { DicomAet, DicomScuTimeout }: Pick<Settings, 'DicomAet' | 'DicomScuTimeout'>,
): RemoteModality {
  const { aet, host, port, localAet, timeout, useDicomTls, manufacturer, allow } = modality;
  return {
    aet,
    host,
    port,
    localAet: localAet || DicomAet,
    timeout: timeout || DicomScuTimeout,
    ...(useDicomTls && { useDicomTls }),
    ...(manufacturer === 'SiemensSyngoCT' && { hasDefaultRoles: true }),
    ...(!allow.Transcoding && { allowsTranscoding: false }),
  };
}
