// One request to a peer, what its status means, and what is shown of a peer in jobs.
import { PharosError } from '../../model/index.ts';
import type { PeerAnswer, PeerNetwork, PeerRequest, RemotePeer } from '../../ports/index.ts';
import type { JobContent } from '../jobs/index.ts';
import type { Peer } from '../services.ts';

/** @throws PharosError NetworkProtocol where no answer comes */
export async function requestPeer(network: PeerNetwork, peer: RemotePeer, request: PeerRequest): Promise<PeerAnswer> {
  const session = network.open(peer);
  try {
    return await session.request(request);
  } finally {
    session.close();
  }
}

/** As Orthanc shows it in jobs: an array where URL and credentials are all there is. No password, and of headers the names. */
export function describePeer(peer: Peer): JobContent[string] {
  const { url, username, httpHeaders, certificateFile, pkcs11, timeout, properties } = peer;
  const hasMore = Object.keys(httpHeaders).length + Object.keys(properties).length > 0;
  const isSimple = !hasMore && certificateFile === '' && !pkcs11 && timeout === 0;
  if (isSimple) return username === '' ? [url] : [url, username, ''];
  return {
    ...properties,
    Url: url,
    ...(username !== '' && { Username: username }),
    ...(certificateFile !== '' && { CertificateFile: certificateFile }),
    HttpHeaders: Object.keys(httpHeaders).sort(),
    Pkcs11: pkcs11,
    Timeout: timeout,
  };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'the peer does not take this for a DICOM file',
  401: 'the user name or password of the peer is wrong',
  403: 'the peer does not allow it',
  404: 'the peer does not know this route: check its URL',
  413: 'the file is larger than the peer takes',
  507: 'the storage of the peer is full',
};

/** Where a peer says that it is, without credentials, queries and what is no URL. */
function placeOf(location: string): string {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  return url ? `${url.origin}${url.pathname}`.slice(0, 256) : 'another path';
}

function reasonOf({ status, location }: PeerAnswer): string | undefined {
  if (status < 300 || status >= 400 || location === undefined) return reasons[status];
  return `the peer is at ${placeOf(location)}: check its URL`;
}

/** @param what was asked of whom. @throws PharosError NetworkProtocol where the status is no success */
export function checkStatus(what: string, answer: PeerAnswer): void {
  if (answer.status >= 200 && answer.status < 300) return;
  const reason = reasonOf(answer);
  throw new PharosError('NetworkProtocol', `${what}: HTTP status ${answer.status}${reason ? `, ${reason}` : ''}`);
}
