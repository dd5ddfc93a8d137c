// One request to a peer, and what is shown of a peer in jobs.
import { PharosError } from '../../model/index.ts';
import type { PeerAnswer, PeerNetwork, PeerRequest, RemotePeer } from '../../ports/index.ts';
import type { JobContent } from '../jobs/index.ts';

/** @throws PharosError NetworkProtocol, Timeout where no answer comes */
export async function requestPeer(network: PeerNetwork, peer: RemotePeer, request: PeerRequest): Promise<PeerAnswer> {
  const session = network.open(peer);
  try {
    return await session.request(request);
  } finally {
    session.close();
  }
}

/** As Orthanc shows it in jobs: an array where URL and credentials are all there is, never a password. */
export function describePeer(peer: RemotePeer): JobContent[string] {
  const { url, username, httpHeaders, certificateFile, pkcs11, timeout } = peer;
  const isSimple = Object.keys(httpHeaders).length === 0 && certificateFile === '' && !pkcs11 && timeout === 0;
  if (isSimple) return username === '' ? [url] : [url, username, ''];
  return {
    Url: url,
    ...(username !== '' && { Username: username }),
    ...(certificateFile !== '' && { CertificateFile: certificateFile }),
    HttpHeaders: Object.keys(httpHeaders).sort(),
    Pkcs11: pkcs11,
    Timeout: timeout,
  };
}

const reasons: Readonly<Record<number, string>> = {
  401: 'the user name or password of the peer is wrong',
  403: 'the peer does not allow it',
  404: 'the peer does not know this route: check its URL',
  413: 'the file is larger than the peer takes',
  507: 'the storage of the peer is full',
};

/** @throws PharosError NetworkProtocol, Unauthorized where the status is no success */
export function checkStatus(what: string, { status }: PeerAnswer): void {
  if (status >= 200 && status < 300) return;
  const reason = reasons[status];
  const details = `${what}: HTTP status ${status}${reason ? `, ${reason}` : ''}`;
  throw new PharosError('NetworkProtocol', details);
}
