// Who may talk to the server: the local machine or everybody (RemoteAccessAllowed), with or without HTTP Basic authentication.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Visitor {
  readonly remoteIp: string;
  readonly headers: IncomingHttpHeaders;
}

export type Admission =
  | { readonly admitted: true; readonly username: string | undefined }
  | { readonly admitted: false };

export interface AccessRules {
  readonly RemoteAccessAllowed: boolean;
  readonly AuthenticationEnabled: boolean;
  readonly RegisteredUsers: Readonly<Record<string, string>> | undefined;
}

/** Value of WWW-Authenticate. */
export const challenge = 'Basic realm="Orthanc Secure Area"';

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** `user:password` of a Basic Authorization header; undefined for any other. */
function credentialsOf(header: string | undefined): string | undefined {
  if (!header?.startsWith('Basic ')) return undefined;
  const credentials = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8');
  return credentials.includes(':') ? credentials : undefined;
}

const usernameOf = (credentials: string | undefined) => credentials?.slice(0, credentials.indexOf(':'));

const isLoopback = (ip: string) => ip === '127.0.0.1' || ip === '::1';

/** The check of each request. Every registered user is compared in constant time, so that timing tells nothing. */
export function createGate(rules: AccessRules): (visitor: Visitor) => Admission {
  const known = Object.entries(rules.RegisteredUsers ?? {}).map(([user, password]) => digest(`${user}:${password}`));
  const isRegistered = (credentials: string): boolean => {
    const offered = digest(credentials);
    return known.map((expected) => timingSafeEqual(expected, offered)).includes(true);
  };
  return ({ remoteIp, headers }) => {
    if (!rules.RemoteAccessAllowed && !isLoopback(remoteIp)) return { admitted: false };
    const credentials = credentialsOf(headers.authorization);
    if (rules.AuthenticationEnabled && !(credentials !== undefined && isRegistered(credentials)))
      return { admitted: false };
    return { admitted: true, username: usernameOf(credentials) };
  };
}
