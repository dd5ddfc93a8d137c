// The proxy of outgoing HTTP and HTTPS (CONNECT), which Node's agents speak to.
import { PharosError } from '../model/index.ts';

/** What Node's agents take for an environment. */
export interface ProxyEnvironment {
  readonly HTTP_PROXY: string;
  readonly HTTPS_PROXY: string;
}

/** Node's agents know proxies since 24.5. */
function knowsProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5);
}

/**
 * @param option HttpProxy: `[user:password@]host:port`, '' is none
 * @param version of Node
 * @throws PharosError BadParameterType, NotImplemented that say what to do
 */
export function proxyEnvironment(option: string, version = process.versions.node): ProxyEnvironment | undefined {
  if (option === '') return undefined;
  const url = option.includes('://') ? option : `http://${option}`;
  if (!url.startsWith('http://') || !URL.canParse(url) || new URL(url).hostname === '') {
    throw new PharosError('BadParameterType', 'Option HttpProxy must be an HTTP proxy as [user:password@]host:port');
  }
  if (knowsProxies(version)) return { HTTP_PROXY: url, HTTPS_PROXY: url };
  throw new PharosError('NotImplemented', `Option HttpProxy needs Node 24.5 or newer, and this is ${version}`);
}
